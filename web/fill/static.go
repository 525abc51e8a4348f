package fill

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"strings"
	"sync"

	"waymark/internal/lang"
	"waymark/web/assets"
	"waymark/web/page"
)

//go:embed static
var built embed.FS

//go:embed shell.html
var shellText string

// set is everything that is served, made when it is first asked for: the other
// commands and a server's start do not pay for it.
type set struct {
	shell, worker *assets.File
	static        map[string]*assets.File // by name
}

var loaded = sync.OnceValues(load)

// shell is what the page's frame is filled with.
type shell struct {
	Icon, Styles, OwnStyles, Script, Skip string
	NoScript                              []text
	Data                                  data
}

type text struct{ Code, Text string }

// data is what the scripts read from the page: all words, so that the language can be
// chosen without a line, and addresses of what is loaded later.
type data struct {
	Words     map[string]map[string]map[string]string `json:"words"` // by language, key, plural form
	Languages []language                              `json:"languages"`
	Static    map[string]string                       `json:"static"`
}

type language struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func load() (*set, error) {
	s := &set{static: map[string]*assets.File{}}
	entries, err := built.ReadDir("static")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		content, err := fs.ReadFile(built, "static/"+e.Name())
		if err != nil {
			return nil, err
		}
		s.static[e.Name()] = assets.NewFile(e.Name(), content)
	}
	names, err := readNames()
	if err != nil {
		return nil, err
	}
	at := func(name string) string { return Path + "static/" + names[name] }
	d, err := words()
	if err != nil {
		return nil, err
	}
	d.Static = map[string]string{"forms": at("forms.js"), "formsCSS": at("forms.css"), "map": at("map.js"), "licences": Path + "static/LICENCES.txt"}
	f := shell{Icon: assets.Path("icon.svg"), Styles: assets.Path("waymark.css"), OwnStyles: at("app.css"), Script: at("app.js"),
		Skip: d.Words[page.Languages[0]]["skip"]["other"], Data: d}
	for _, code := range page.Languages {
		f.NoScript = append(f.NoScript, text{code, d.Words[code]["noscript"]["other"]})
	}
	t, err := template.New("shell").Parse(shellText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, f); err != nil {
		return nil, err
	}
	s.shell = assets.NewFile("shell.html", b.Bytes())
	// What the page needs to start and to fill in a form without a line, small things
	// first. Maps are kept by the page if a form has one.
	list := []string{Path, f.Icon, f.Styles, f.OwnStyles, f.Script, at("forms.css"), at("forms.js"), at("chunk.js")}
	s.worker, err = worker(b.Bytes(), list)
	return s, err
}

// readNames says which file has which name: hashes of contents are in the files' names.
func readNames() (map[string]string, error) {
	content, err := fs.ReadFile(built, "static/static.json")
	if err != nil {
		return nil, err
	}
	var names map[string]string
	if err := json.Unmarshal(content, &names); err != nil {
		return nil, err
	}
	return names, nil
}

// worker is the service worker with its list in front. The version changes with
// everything that the list names, since the page names it by its hashes.
func worker(shell []byte, list []string) (*assets.File, error) {
	script, err := fs.ReadFile(built, "static/worker.js")
	if err != nil {
		return nil, err
	}
	files, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	version := assets.Hash([]byte(string(shell) + string(files)))
	return assets.NewFile("worker.js", []byte(`const VERSION="`+version+`",FILES=`+string(files)+";\n"+string(script))), nil
}

// words are the texts of all languages without the area's name.
func words() (data, error) {
	d := data{Words: map[string]map[string]map[string]string{}}
	for _, code := range page.Languages {
		c, err := lang.Load(files, "lang", code)
		if err != nil {
			return d, err
		}
		all := map[string]map[string]string{}
		for _, key := range c.Keys() {
			all[strings.TrimPrefix(key, "fill.")] = c.Source(key)
		}
		d.Words[code] = all
		d.Languages = append(d.Languages, language{code, page.LanguageNames[code]})
	}
	return d, nil
}
