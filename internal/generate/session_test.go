package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"segue/internal/service/local"
	"segue/internal/service/spotify"
	"segue/internal/service/subsonic"
	"segue/session"
)

// names are what a package exports: "Type", "Type.Method", "Type.Field", "Func", and
// the kinds of its types.
type names struct {
	all        map[string]bool
	interfaces []string
	methods    map[string][]string // receivers, by the name of their method, small ones too
}

func namesOf(t *testing.T, dir string) names {
	t.Helper()
	n := names{all: map[string]bool{}, methods: map[string][]string{}}
	files, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				n.addFunc(d)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					n.addSpec(s)
				}
			}
		}
	}
	return n
}

func (n *names) addFunc(d *ast.FuncDecl) {
	if d.Recv == nil {
		n.all[d.Name.Name] = true
		return
	}
	of := d.Recv.List[0].Type
	if p, ok := of.(*ast.StarExpr); ok {
		of = p.X
	}
	if id, ok := of.(*ast.Ident); ok {
		n.all[id.Name+"."+d.Name.Name] = true
		n.methods[d.Name.Name] = append(n.methods[d.Name.Name], id.Name)
	}
}

func (n *names) addSpec(s ast.Spec) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, id := range s.Names {
			n.all[id.Name] = true
		}
	case *ast.TypeSpec:
		n.all[s.Name.Name] = true
		var list *ast.FieldList
		switch x := s.Type.(type) {
		case *ast.StructType:
			list = x.Fields
		case *ast.InterfaceType:
			list = x.Methods
			n.interfaces = append(n.interfaces, s.Name.Name)
		}
		if list == nil {
			return
		}
		for _, f := range list.List {
			for _, id := range f.Names {
				n.all[s.Name.Name+"."+id.Name] = true
			}
		}
	}
}

// asked are the interfaces that a service may fill besides Service.
func asked() map[string]reflect.Type {
	all := map[string]reflect.Type{}
	for _, i := range []reflect.Type{
		reflect.TypeFor[session.Authenticator](), reflect.TypeFor[session.Tuner](), reflect.TypeFor[session.Cacher](), reflect.TypeFor[session.Corrector](),
		reflect.TypeFor[session.Describer](), reflect.TypeFor[session.Detailer](), reflect.TypeFor[session.Downloader](), reflect.TypeFor[session.Illustrator](),
		reflect.TypeFor[session.Keeper](), reflect.TypeFor[session.Leveller](), reflect.TypeFor[session.Looker](), reflect.TypeFor[session.LiveEditor](), reflect.TypeFor[session.Lyricist](), reflect.TypeFor[session.Matcher](),
		reflect.TypeFor[session.NowTeller](), reflect.TypeFor[session.Offliner](), reflect.TypeFor[session.QueueKeeper](), reflect.TypeFor[session.PlaylistEditor](), reflect.TypeFor[session.Prefetcher](), reflect.TypeFor[session.Publisher](),
		reflect.TypeFor[session.Rater](), reflect.TypeFor[session.Reporter](), reflect.TypeFor[session.Resolver](), reflect.TypeFor[session.Restorer](), reflect.TypeFor[session.Rotator](),
		reflect.TypeFor[session.Scanner](), reflect.TypeFor[session.Searcher](), reflect.TypeFor[session.Sharer](), reflect.TypeFor[session.Speaker](),
		reflect.TypeFor[session.StarLister](), reflect.TypeFor[session.Starrer](), reflect.TypeFor[session.Toplister](), reflect.TypeFor[session.Tuneable](), reflect.TypeFor[session.Examiner](), reflect.TypeFor[session.Linker](), reflect.TypeFor[session.UserTeller](),
		reflect.TypeFor[session.Transport](), reflect.TypeFor[session.Lister](), reflect.TypeFor[session.Watcher](),
		reflect.TypeFor[session.QueueLoader](), reflect.TypeFor[session.Bookmarker](), reflect.TypeFor[session.OfflineLister](), reflect.TypeFor[session.Eraser](),
	} {
		all[i.Name()] = i
	}
	return all
}

// others are interfaces that services do not fill.
var others = []string{"Service", "Command", "Event", "News", "Player", "Store", "MarkStore", "Vault", "AccountStore", "Charts"}

var quoted = regexp.MustCompile("`([^`]+)`")

func readSessionPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/SESSION.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestEveryNameOnTheSessionsPageExists(t *testing.T) {
	packages := map[string]names{"": namesOf(t, "session"), "music": namesOf(t, "internal/music"), "player": namesOf(t, "player")}
	page := readSessionPage(t)
	_, tables, _ := strings.Cut(page, "\n## Methods")
	named := map[string]bool{}
	for _, m := range quoted.FindAllStringSubmatch(tables, -1) {
		name := m[1]
		if name == "[secret]" || name == "-" {
			continue
		}
		named[name] = true
		pkg, rest, ok := strings.Cut(name, ".")
		if p, known := packages[pkg]; ok && known && pkg != "" {
			if !p.all[rest] {
				t.Errorf("%s: package %s has no %s", name, pkg, rest)
			}
			continue
		}
		if !packages[""].all[name] {
			t.Errorf("package session has no %s", name)
		}
	}
	s := packages[""]
	for _, kind := range []string{"command", "event"} {
		for _, name := range s.methods[kind] {
			if !named[name] {
				t.Errorf("the %s %s is not on the page", kind, name)
			}
		}
	}
	have := asked()
	for _, o := range others {
		have[o] = nil
	}
	for _, name := range s.interfaces {
		typ, known := have[name]
		switch {
		case !known && ast.IsExported(name):
			t.Errorf("the interface %s is not known here: is it a service's?", name)
		case typ != nil && !named[name] && !strings.Contains(page, "`"+name+"."):
			t.Errorf("the interface %s is not on the page", name)
		}
	}
}

func TestTheSessionsPageSaysWhatTheServicesDo(t *testing.T) {
	services := map[int]reflect.Type{3: reflect.TypeFor[*local.Service](), 4: reflect.TypeFor[*subsonic.Service](), 5: reflect.TypeFor[*spotify.Service]()}
	interfaces := asked()
	methods, _, _ := strings.Cut(readSessionPage(t), "\n## Events")
	rows := 0
	for line := range strings.Lines(methods) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 7 || strings.HasPrefix(cells[0], "---") || strings.Contains(line, "| contract |") {
			continue
		}
		rows++
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		name := strings.Trim(cells[2], "`")
		if name == "-" {
			continue
		}
		for column, typ := range services {
			want := map[bool]string{true: "yes", false: "no"}[typ.Implements(interfaces[name])]
			if cells[column] != want {
				t.Errorf("%s: of %s it says %q, but %s: %s", cells[0], typ, cells[column], name, want)
			}
		}
	}
	if rows < 40 {
		t.Errorf("the table has %d rows", rows)
	}
}
