package openrosa

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"

	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
)

// xmlPart and incompletePart are the parts that the protocol names.
const (
	xmlPart        = "xml_submission_file"
	incompletePart = "*isIncomplete*"
)

// maxField is the longest value of a part that is no file, in bytes.
const maxField = 64 << 10

// post is one request body as it is read: part by part, in whatever order they
// come, never whole in memory.
type post struct {
	door   *door
	caller *caller
	ctx    context.Context
	body   *body

	xml      []byte
	envelope *xform.Envelope
	to       target
	names    []string // that the document names
	files    []partFile
	// incomplete says that the phone will send more. Whether all files are there
	// is known from their names, so that nothing depends on it.
	incomplete bool
}

// partFile is a file that was stored, by the two names of its part.
type partFile struct {
	filename, field string
	stored          collection.Attachment
}

// read reads all parts, up to the closing boundary: a body that ends before it
// stores nothing that anyone can see.
func (p *post) read(boundary string, hint int) *refusal {
	parts := multipart.NewReader(p.body, boundary)
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF { // not wrapped: the closing boundary was there
			break
		}
		if err != nil {
			return p.body.refusal(err)
		}
		if n == p.door.Limits.Parts {
			return refuse(http.StatusRequestEntityTooLarge, sayTooMany)
		}
		if no := p.part(part, hint); no != nil {
			return no
		}
	}
	if p.xml == nil {
		return refuse(http.StatusBadRequest, sayNoXML)
	}
	return nil
}

func (p *post) part(part *multipart.Part, hint int) *refusal {
	headers := part.Header["Content-Disposition"]
	if len(headers) != 1 {
		return refuse(http.StatusBadRequest, sayBroken)
	}
	kind, params, err := mime.ParseMediaType(headers[0])
	if err != nil || kind != "form-data" {
		return refuse(http.StatusBadRequest, sayBroken)
	}
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "", "binary", "8bit", "7bit":
	default:
		return refuse(http.StatusBadRequest, sayCompressed)
	}
	if enc := part.Header.Get("Content-Encoding"); enc != "" {
		return refuse(http.StatusUnsupportedMediaType, sayCompressed)
	}
	name := params["name"]
	filename, isFile := params["filename"]
	switch {
	case name == sentinel:
		return refuse(http.StatusBadRequest, sayBroken)
	case name == xmlPart:
		return p.document(part, hint)
	case isFile, part.Header.Get("Content-Type") != "":
		return p.file(part, filename, name)
	}
	value, err := io.ReadAll(io.LimitReader(part, maxField+1))
	switch {
	case err != nil:
		return p.body.refusal(err)
	case len(value) > maxField:
		return refuse(http.StatusRequestEntityTooLarge, sayTooMany)
	case name == incompletePart:
		p.incomplete = strings.EqualFold(strings.TrimSpace(string(value)), "yes")
	}
	return nil
}

// document reads the answers.
func (p *post) document(part *multipart.Part, hint int) *refusal {
	if p.xml != nil {
		return refuse(http.StatusBadRequest, sayTwoXML)
	}
	limit := p.door.Limits.XML
	buf := bytes.NewBuffer(make([]byte, 0, min(int64(hint), limit+bytes.MinRead)))
	if _, err := buf.ReadFrom(io.LimitReader(part, limit+1)); err != nil {
		return p.body.refusal(err)
	}
	if int64(buf.Len()) > limit {
		return refuse(http.StatusRequestEntityTooLarge, sayXMLTooLarge)
	}
	p.xml = buf.Bytes()
	return p.understand()
}

// heads are the first bytes of files, by which their type is told.
var heads = sync.Pool{New: func() any { return new([3072]byte) }}

// file stores a file. It may come before the document; then nobody knows yet
// whether it belongs to it.
func (p *post) file(part *multipart.Part, filename, field string) *refusal {
	if filename == "" {
		filename = field
	}
	if !goodName(filename) {
		return refuse(http.StatusBadRequest, sayBadName)
	}
	f := partFile{filename: filename, field: field}
	if p.xml != nil && p.envelope.Encrypted && !slices.Contains(p.names, p.nameOf(f)) {
		// Collect may leave plain files beside the encrypted ones and send both.
		// Source: OpenRosaServerInstanceUploader. What was to be encrypted is not kept.
		if _, err := io.Copy(io.Discard, part); err != nil {
			return p.body.refusal(err)
		}
		return nil
	}
	limit := p.door.Limits.File
	in := &watched{r: part, left: limit}
	head := heads.Get().(*[3072]byte)
	defer heads.Put(head)
	n, err := io.ReadFull(in, head[:])
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && in.err == nil {
		f.stored.Type = collection.MediaType(head[:n])
		f.stored.Address, f.stored.Size, _, err = p.door.Store.PutFile(p.ctx, p.caller.round.ID, io.MultiReader(bytes.NewReader(head[:n]), in), limit)
	}
	switch {
	case in.over:
		return refuse(http.StatusRequestEntityTooLarge, sayFileTooLarge)
	case in.err != nil:
		return p.body.refusal(in.err)
	case err != nil && fault.KindOf(err) == fault.Invalid:
		return because(http.StatusRequestEntityTooLarge, sayFileTooLarge, err)
	case err != nil:
		return p.door.failed(err)
	}
	f.stored.At = p.door.Now()
	p.files = append(p.files, f)
	return nil
}

// named gives the files their names, now that the document is known, and each
// once.
func (p *post) named() ([]collection.Attachment, *refusal) {
	var out []collection.Attachment
	for _, f := range p.files {
		a := f.stored
		a.Name = p.nameOf(f)
		if p.envelope.Encrypted && !slices.Contains(p.names, a.Name) {
			continue
		}
		i := slices.IndexFunc(out, func(b collection.Attachment) bool { return b.Name == a.Name })
		switch {
		case i < 0:
			out = append(out, a)
		case out[i].Address != a.Address:
			return nil, refuse(http.StatusBadRequest, sayTwice)
		}
	}
	return out, nil
}

// nameOf is the name of a file: that of the two in its part which the document
// names, as it is or with its quotation marks; else the file name.
func (p *post) nameOf(f partFile) string {
	for _, name := range []string{f.filename, f.field, quoted.Replace(f.filename), quoted.Replace(f.field)} {
		if slices.Contains(p.names, name) {
			return name
		}
	}
	return f.filename
}

// watched reads a file's part and keeps what went wrong, since a store may hide
// it in an error of its own.
type watched struct {
	r    io.Reader
	left int64
	over bool
	err  error
}

// Read implements io.Reader.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if err != nil && err != io.EOF {
		w.err = err
		return n, err
	}
	if w.left -= int64(n); w.left < 0 {
		w.over = true
		return 0, fault.New(fault.Invalid, fault.Place{}, "the file is too large", "")
	}
	return n, err
}
