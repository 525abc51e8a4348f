// Package assets holds the stylesheet, scripts and pictures of the pages, and
// serves them under addresses that name their content, so that browsers may keep
// them for ever.
//
// Files that say so in their first line are built by web/assets/build; .ci/assets
// builds them again and compares. It knows no page.
package assets

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

//go:embed *.css *.js *.svg
var files embed.FS

// Prefix of all addresses.
const Prefix = "/assets/"

// File is one file with its compressed forms, made when it is first asked for.
type File struct {
	plain     []byte
	kind      string
	etag      string
	once      sync.Once
	gzip, brs []byte
}

// loaded gives the files by address, and addresses by name. Commands that serve
// no pages never ask.
var loaded = sync.OnceValues(load)

func load() (map[string]*File, map[string]string) {
	at, named := map[string]*File{}, map[string]string{}
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // what is embedded can be read
	}
	for _, e := range entries {
		content, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		hash := Hash(content)
		stem, ext := strings.TrimSuffix(e.Name(), path.Ext(e.Name())), path.Ext(e.Name())
		address := Prefix + stem + "." + hash + ext
		at[address] = NewFile(e.Name(), content)
		named[e.Name()] = address
	}
	return at, named
}

// Path is the address of a file, or "" if there is none.
func Path(name string) string {
	_, addresses := loaded()
	return addresses[name]
}

// Names lists the files.
func Names() []string {
	_, addresses := loaded()
	names := make([]string, 0, len(addresses))
	for n := range addresses {
		names = append(names, n)
	}
	return names
}

// Handler serves GET and HEAD under Prefix.
func Handler() http.Handler {
	byAddress, _ := loaded()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := byAddress[r.URL.Path]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		f.Serve(w, r, Forever)
	})
}

// Forever is the Cache-Control of what never changes under its address.
const Forever = "public, max-age=31536000, immutable"

// Hash is a short name of a content: the first 64 bits of its SHA-256, in hex.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

// NewFile makes a file; its type follows from the name's ending.
func NewFile(name string, content []byte) *File {
	kind := "application/octet-stream"
	switch path.Ext(name) {
	case ".css":
		kind = "text/css; charset=utf-8"
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".svg":
		kind = "image/svg+xml"
	case ".html":
		kind = "text/html; charset=utf-8"
	case ".txt":
		kind = "text/plain; charset=utf-8"
	}
	return &File{plain: content, kind: kind, etag: `"` + Hash(content) + `"`}
}

// Serve answers GET and HEAD with the file, in the smallest form that the browser
// takes. cache is the Cache-Control.
func (f *File) Serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", cache)
	h.Set("Etag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	f.once.Do(f.compress)
	accept := r.Header.Get("Accept-Encoding")
	switch {
	case strings.Contains(accept, "br") && len(f.brs) < len(body):
		body = f.brs
		h.Set("Content-Encoding", "br")
	case strings.Contains(accept, "gzip") && len(f.gzip) < len(body):
		body = f.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the browser may have gone
	}
}

// compress makes the small forms, as small as they get: they are made once.
func (f *File) compress() {
	var b bytes.Buffer
	bw := brotli.NewWriterLevel(&b, 9)
	_, _ = bw.Write(f.plain) // a buffer takes everything
	_ = bw.Close()
	f.brs = b.Bytes()
	var g bytes.Buffer
	gw, _ := gzip.NewWriterLevel(&g, gzip.BestCompression)
	_, _ = gw.Write(f.plain)
	_ = gw.Close()
	f.gzip = g.Bytes()
}
