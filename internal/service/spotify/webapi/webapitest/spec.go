package webapitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// specs are Spotify's specifications: of development mode, and of the whole API.
type specs struct{ dev, whole *openapi3.T }

// found loads them once a process; what it gives is only read.
var found = sync.OnceValues(func() (*specs, string) {
	dir, why := specsDir()
	if why != "" {
		return nil, why
	}
	var s specs
	for name, into := range map[string]**openapi3.T{"spotify-web-api-devmode.yml": &s.dev, "spotify-web-api.yml": &s.whole} {
		doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err.Error()
		}
		*into = doc
	}
	return &s, ""
})

// loadSpecs finds the specifications; nil where they are missing, which is said.
func loadSpecs(r Reporter) *specs {
	s, why := found()
	if why != "" {
		r.Logf("webapitest: nothing is validated against Spotify's specification: %s", why)
	}
	return s
}

// specsDir is SEGUE_SHARED/specs, or shared/specs beside the repository.
func specsDir() (dir, why string) {
	if shared := os.Getenv("SEGUE_SHARED"); shared != "" {
		return filepath.Join(shared, "specs"), ""
	}
	at, err := os.Getwd()
	if err != nil {
		return "", err.Error()
	}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err != nil {
			continue
		}
		dir = filepath.Join(filepath.Dir(at), "shared", "specs")
		if _, err := os.Stat(filepath.Join(dir, "spotify-web-api-devmode.yml")); err != nil {
			return "", "it is not in " + dir
		}
		return dir, ""
	}
	return "", "this is not in the repository"
}

// route finds the operation of a request; nil: the specification has none.
func route(doc *openapi3.T, r *http.Request) (*routers.Route, map[string]string) {
	parts := strings.Split(strings.Trim(trimmed(r.URL.EscapedPath()), "/"), "/")
	for at, item := range doc.Paths.Map() {
		op := item.GetOperation(r.Method)
		params, ok := fits(strings.Split(strings.Trim(at, "/"), "/"), parts)
		if ok && op != nil && (len(params) == 0 || doc.Paths.Value(trimmed(r.URL.Path)) == nil) {
			return &routers.Route{Spec: doc, Path: at, PathItem: item, Method: r.Method, Operation: op}, params
		}
	}
	return nil, nil
}

func fits(template, parts []string) (map[string]string, bool) {
	if len(template) != len(parts) {
		return nil, false
	}
	params := map[string]string{}
	for i, t := range template {
		if strings.HasPrefix(t, "{") {
			params[strings.Trim(t, "{}")] = parts[i]
		} else if t != parts[i] {
			return nil, false
		}
	}
	return params, true
}

// input is what openapi3filter wants of a request.
func input(ctx context.Context, doc *openapi3.T, r *http.Request, body []byte) *openapi3filter.RequestValidationInput {
	to, params := route(doc, r)
	if to == nil {
		return nil
	}
	again := r.Clone(ctx)
	again.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 {
		again.Body = http.NoBody
	}
	return &openapi3filter.RequestValidationInput{
		Request: again, PathParams: params, Route: to,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
}

// request validates a request: what is declared has to be as it is declared, and nothing
// else may be there.
func (s *specs) request(ctx context.Context, report Reporter, r *http.Request, body []byte) {
	if s == nil {
		return
	}
	in := input(ctx, s.dev, r, body)
	if in == nil {
		report.Errorf("webapitest: development mode has no %s %s", r.Method, r.URL.Path)
		return
	}
	if err := openapi3filter.ValidateRequest(ctx, in); err != nil {
		report.Errorf("webapitest: %s %s: %s", r.Method, r.URL.RequestURI(), brief(err))
	}
	var known []string
	for _, p := range slices.Concat(in.Route.Operation.Parameters, in.Route.PathItem.Parameters) {
		known = append(known, p.Value.Name)
	}
	for name := range r.URL.Query() {
		if !slices.Contains(known, name) {
			report.Errorf("webapitest: %s %s has no parameter %q", r.Method, in.Route.Path, name)
		}
	}
	spec := in.Route.Operation.RequestBody
	switch {
	case len(body) == 0:
	case spec == nil:
		report.Errorf("webapitest: %s %s takes no body", r.Method, in.Route.Path)
	default:
		if media := spec.Value.Content.Get(r.Header.Get("Content-Type")); media != nil {
			undeclared(report, r.Method+" "+in.Route.Path, media.Schema, parsed(body))
		}
	}
}

// answer validates an answer in the same way.
func (s *specs) answer(ctx context.Context, report Reporter, r *http.Request, a answer, oldKeys bool) {
	if s == nil || a.status >= 400 {
		return
	}
	doc := s.dev
	if oldKeys {
		doc = s.whole
	}
	in := input(ctx, doc, r, nil)
	if in == nil {
		return // the request was reported
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.status, Header: a.header, Options: in.Options}
	out.SetBodyBytes(a.body)
	if err := openapi3filter.ValidateResponse(ctx, out); err != nil {
		report.Errorf("webapitest: the answer to %s %s: %s", r.Method, r.URL.RequestURI(), brief(err))
		return
	}
	res := in.Route.Operation.Responses.Status(a.status)
	if res == nil || res.Value == nil || len(a.body) == 0 {
		return
	}
	if media := res.Value.Content.Get(a.header.Get("Content-Type")); media != nil {
		undeclared(report, "the answer to "+r.Method+" "+in.Route.Path, media.Schema, parsed(a.body))
	}
}

// brief is an error without the schema and the value that follow it.
func brief(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func parsed(body []byte) any {
	var v any
	_ = json.Unmarshal(body, &v) // it was validated: it is JSON
	return v
}

// undeclared reports keys that a schema does not name; only the schemas of disallowed
// actions and of links are open.
func undeclared(report Reporter, at string, schema *openapi3.SchemaRef, v any) {
	switch v := v.(type) {
	case []any:
		var items *openapi3.SchemaRef
		for _, s := range unfold(schema) {
			if s.Items != nil {
				items = s.Items
			}
		}
		for _, e := range v {
			undeclared(report, at+"[]", items, e)
		}
	case map[string]any:
		all := unfold(schema)
		for key, value := range v {
			var of *openapi3.SchemaRef
			for _, s := range all {
				if p := s.Properties[key]; p != nil && of == nil {
					of = p
				}
			}
			// Some are required that were taken out of the properties.
			required := slices.ContainsFunc(all, func(s *openapi3.Schema) bool { return slices.Contains(s.Required, key) })
			switch {
			case of != nil:
				undeclared(report, at+"."+key, of, value)
			case !required && !open(at):
				report.Errorf("webapitest: %s has no %q", at, key)
			}
		}
	}
}

// open reports whether the specification leaves what is there unsaid.
func open(at string) bool {
	return strings.HasSuffix(at, ".offset") || strings.Contains(at, ".actions")
}

// unfold are all schemas that one is made of.
func unfold(ref *openapi3.SchemaRef) []*openapi3.Schema {
	if ref == nil || ref.Value == nil {
		return nil
	}
	all := []*openapi3.Schema{ref.Value}
	for _, more := range slices.Concat(ref.Value.AllOf, ref.Value.OneOf, ref.Value.AnyOf) {
		all = append(all, unfold(more)...)
	}
	return all
}

// Specified reports whether requests and answers are validated here.
func (s *Server) Specified() bool { return s.specs != nil }
