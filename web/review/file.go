package review

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"waymark/monitoring/collection"
	"waymark/web/page"
)

// fileView is a file of a submission.
type fileView struct {
	Name string
	Href string // "" if it has not arrived
	// Picture tells that it can be shown on the page; else it is kept as a file.
	Picture bool
	Size    int64
	Type    string
}

// shownTypes are the pictures that a browser shows on the page. Everything else is
// handed over as a file to keep: SVG and HTML could run scripts, PDF viewers could
// reach out.
var shownTypes = map[string]bool{"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true}

func fileViews(r *page.Request, s *seen, files []collection.Attachment) []fileView {
	var list []fileView
	for _, f := range files {
		v := fileView{Name: f.Name, Size: f.Size, Type: f.Type}
		if f.Address != "" {
			v.Href = filePath(s.base, f.Name)
			v.Picture = shownTypes[f.Type]
		}
		list = append(list, v)
	}
	return list
}

func filePath(base, name string) string {
	return base + page.Path("/files/{name}", "name", name)
}

// file answers with a file. The audit says that it was read.
func (a *area) file(r *page.Request) error {
	s, err := a.open(r, false)
	if err != nil {
		return err
	}
	f, in, err := a.house.Collection.ReadAttachment(r.Context(), r.By, s.ID, r.PathValue("name"))
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	head = head[:n]
	kind := f.Type
	if !shownTypes[kind] || http.DetectContentType(head) != kind {
		// What it says of itself and what it is differ, or it is nothing to show.
		w := r.Download(fileName(f.Name), "application/octet-stream", f.Size)
		return copyOut(w, head, in)
	}
	h := r.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", "inline")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", fmt.Sprint(f.Size))
	return copyOut(r.W, head, in)
}

// fileName is a name that no system takes for a path.
func fileName(name string) string {
	name = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || strings.ContainsRune(`/\:*?"<>|`, c) {
			return '_'
		}
		return c
	}, name)
	if name = strings.TrimLeft(name, "."); name == "" {
		return "file"
	}
	return name
}

func copyOut(w io.Writer, head []byte, rest io.Reader) error {
	if _, err := w.Write(head); err != nil {
		return nil // the browser has gone
	}
	_, err := io.Copy(w, rest)
	return err
}
