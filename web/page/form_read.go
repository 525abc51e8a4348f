package page

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"waymark/internal/fault"
)

// Limits of what is posted.
const (
	// MaxForm is the most that the fields of a form may hold together, in bytes.
	MaxForm = 512 << 10
	// MaxUpload is the most that one upload may hold, in bytes; routes set less.
	MaxUpload = 64 << 20
	// maxFields is the most values of a form.
	maxFields = 5000
	// maxUploads is the most files of one form.
	maxUploads = 50
)

// Upload is a file that came with a form. Its name is what the browser says, without
// folders, and is not to be trusted; its bytes are in memory.
type Upload struct {
	Name  string
	Bytes []byte
}

// Reader reads the file from its start.
func (u *Upload) Reader() *bytes.Reader { return bytes.NewReader(u.Bytes) }

// ReadForm reads a posted form without files. prefix is that of its words. It fails
// if the body is no form or is too large; what is in the fields is judged later.
func (r *Request) ReadForm(prefix string) (*Form, error) {
	f := r.NewForm(prefix)
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/x-www-form-urlencoded" {
		return nil, notAForm()
	}
	body, err := io.ReadAll(http.MaxBytesReader(r.W, r.Body, MaxForm))
	if err != nil {
		return nil, asLimit(err)
	}
	if f.values, err = url.ParseQuery(string(body)); err != nil {
		return nil, notAForm()
	}
	return f, checkCount(f.values)
}

// ReadQuery reads the query of the address as a form, for filters.
func (r *Request) ReadQuery(prefix string) (*Form, error) {
	f := r.NewForm(prefix)
	var err error
	if f.values, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return nil, notAForm()
	}
	return f, checkCount(f.values)
}

// ReadUpload reads a posted form with files (enctype "multipart/form-data"), at most
// limit bytes of files together. More makes the answer 413. Nothing is written to
// disk. The partial "field/file" shows the field; Form.File gives the file.
func (r *Request) ReadUpload(prefix string, limit int64) (*Form, error) {
	f := r.NewForm(prefix)
	kind, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" || parameters["boundary"] == "" {
		return nil, notAForm()
	}
	body := http.MaxBytesReader(r.W, r.Body, min(limit, MaxUpload)+MaxForm)
	parts := multipart.NewReader(body, parameters["boundary"])
	space := int64(MaxForm)
	uploads := 0
	for count := 0; ; count++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, checkCount(f.values)
		}
		if err != nil {
			return nil, asLimit(err)
		}
		if count > maxFields {
			return nil, notAForm()
		}
		name := part.FormName()
		if part.FileName() == "" {
			text, err := io.ReadAll(http.MaxBytesReader(r.W, part, space))
			if err != nil {
				return nil, asLimit(err)
			}
			space -= int64(len(text))
			if !isFilePart(part) {
				f.values.Add(name, string(text))
			}
			continue
		}
		content, err := io.ReadAll(http.MaxBytesReader(r.W, part, limit))
		if err != nil {
			return nil, asLimit(err)
		}
		if uploads++; uploads > maxUploads {
			return nil, notAForm()
		}
		f.files[name] = append(f.files[name], &Upload{Name: baseName(part.FileName()), Bytes: content})
	}
}

// isFilePart says whether a part is the file field of a form in which no file was
// chosen.
func isFilePart(p *multipart.Part) bool {
	_, parameters, _ := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	_, is := parameters["filename"]
	return is
}

// baseName drops folders, of any system, from a name.
func baseName(name string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' || name[i] == '\\' || name[i] == 0 {
			name = name[i+1:]
			break
		}
	}
	if len(name) > 200 {
		name = name[:200]
	}
	return name
}

func checkCount(v url.Values) error {
	n := 0
	for _, values := range v {
		n += len(values)
	}
	if n > maxFields {
		return notAForm()
	}
	return nil
}

func notAForm() error {
	return fault.New(fault.Usage, fault.Place{}, "what was sent is not a form of this page", "go back to the page and send it again")
}

// asLimit keeps the error of a limit, which has its own page, and makes a broken body
// a wrong form.
func asLimit(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return err
	}
	return notAForm()
}
