package session

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"segue/internal/music"
	"segue/internal/secret"
)

// everyEvent is one of each kind; the test below fails when one is missing.
var everyEvent = []Event{
	Resync{}, PlaybackChanged{}, QueueChanged{}, AccountsChanged{}, ViewRestored{}, PageLoaded{}, ImageLoaded{}, LyricsLoaded{},
	ContainerChanged{}, TracksChanged{}, Notice{}, Undoable{}, Progress{}, TrackHeard{}, StartPlayback{}, StopPlayback{}, EndOfTrack{},
	StreamingError{}, LoggedIn{}, LoggedOut{}, LoginNeeded{}, ConnectionError{}, ConnectionStateUpdated{}, CredentialsBlobUpdated{},
	MessageToUser{}, UserInfoUpdated{}, MetadataUpdated{}, PlaylistChanged{}, OfflineStatusUpdated{}, PlayTokenLost{}, ScrobbleError{}, DevicesChanged{}, DeviceNeeded{},
	PrivateSessionModeChanged{}, OfflineModeChanged{}, SettingsChanged{}, LogMessage{}, SearchLoaded{}, SuggestionsLoaded{}, Shared{},
	PlayContextFailed{}, QueueEnded{}, MusicDelivery{}, GetAudioBufferStats{},
}

// bareEvents say all by their name.
var bareEvents = []Event{Resync{}, StartPlayback{}, StopPlayback{}, QueueEnded{}, GetAudioBufferStats{}}

// declared are the types of the package's own that have the method event.
func declared(t *testing.T) []string {
	t.Helper()
	sources := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	pkgs, err := parser.ParseDir(token.NewFileSet(), ".", sources, 0) //nolint:staticcheck // one folder, no build tags
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range pkgs["session"].Files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "event" {
				continue
			}
			if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				names = append(names, id.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

const canary = "hunter2-canary"

// fill puts something into every field: the canary wherever a secret may stand.
func fill(v reflect.Value, name string) {
	switch {
	case v.Type() == reflect.TypeFor[secret.Secret]():
		v.Set(reflect.ValueOf(secret.New(canary)))
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
	case v.Type() == reflect.TypeFor[music.Item]():
		v.Set(reflect.ValueOf(music.Track{Title: "x"}))
	case v.Kind() == reflect.String && (name == "URL" || name == "Code" || name == "Link"):
		v.SetString(canary) // who has it may be let in
	case v.Kind() == reflect.String:
		v.SetString("text")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(3)
	case v.CanUint():
		v.SetUint(3)
	case v.CanFloat():
		v.SetFloat(3)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), v.Type().Field(i).Name)
			}
		}
	}
}

func TestTheLogKnowsEveryEventAndNoSecret(t *testing.T) {
	have := map[string]bool{}
	for _, e := range everyEvent {
		have[string(KindOf(e))] = true
	}
	if got, want := slices.Sorted(maps.Keys(have)), declared(t); !slices.Equal(got, want) {
		t.Fatalf("the events here are\n%q\nand in the package\n%q", got, want)
	}
	for _, e := range everyEvent {
		name := string(KindOf(e))
		filled := reflect.New(reflect.TypeOf(e)).Elem()
		fill(filled, "")
		line := describe(filled.Interface().(Event)) //nolint:errcheck,forcetypeassert // it was made of one
		switch {
		case strings.Contains(line, canary):
			t.Errorf("%s tells a secret: %s", name, line)
		case strings.Contains(line, "\n"):
			t.Errorf("%s is more than a line: %q", name, line)
		case !strings.HasPrefix(line, name):
			t.Errorf("%s is called %q", name, line)
		case slices.Contains(bareEvents, e) != (line == name):
			t.Errorf("%s has the line %q: describe does not know it", name, line)
		}
	}
}
