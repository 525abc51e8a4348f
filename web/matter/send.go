package matter

import (
	"net/http"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"waymark/web/page"
)

// KeepHeader is sent by the page's script, which keeps what was typed until it knows
// that it arrived; NextHeader tells it where to go.
const (
	KeepHeader = "X-Keep"
	NextHeader = "X-Next"
)

// Onward leads on from a form: by a redirect, or for the page's script by a header.
func Onward(r *page.Request, path string) error {
	if r.Header.Get(KeepHeader) == "" || r.Method != http.MethodPost {
		return r.Redirect(path)
	}
	r.W.Header().Set(NextHeader, path)
	r.W.WriteHeader(http.StatusNoContent)
	return nil
}

// Word is the media type of old Word files.
const Word = "application/msword"

// MediaType is what a content is by what is in it, without parameters. A name alone is
// not trusted.
func MediaType(b []byte) string {
	t, _, _ := strings.Cut(mimetype.Detect(b).String(), ";")
	if t == "application/x-ole-storage" { // what old Word files are kept in
		return Word
	}
	return t
}
