package page

import (
	"bytes"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// mayCompress says whether compressing the page can tell an onlooker nothing.
//
// The size of a compressed page tells whether what the address asked for repeats
// what the page holds (BREACH, 2013). For that, another site must make the browser
// of a signed-in person ask again and again with words of its choosing. Browsers say
// who asked: a page is compressed if the person's own page or address bar did, or if
// nobody is signed in, so that the page holds nothing worth guessing.
func (r *Request) mayCompress() bool {
	if r.Account == nil {
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	}
	return false
}

var (
	gzips   = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, 5); return w }}
	brotlis = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, 4) }}
)

// compress returns the body in the best encoding that the browser takes, and its
// name, or the body as it is and "".
func compress(accept string, body []byte) ([]byte, string) {
	var b bytes.Buffer
	switch {
	case takes(accept, "br"):
		w := brotlis.Get().(*brotli.Writer)
		defer brotlis.Put(w)
		w.Reset(&b)
		_, _ = w.Write(body) // a buffer takes everything
		_ = w.Close()
		return b.Bytes(), "br"
	case takes(accept, "gzip"):
		w := gzips.Get().(*gzip.Writer)
		defer gzips.Put(w)
		w.Reset(&b)
		_, _ = w.Write(body)
		_ = w.Close()
		return b.Bytes(), "gzip"
	}
	return body, ""
}

// takes says whether an Accept-Encoding names an encoding without refusing it.
func takes(accept, encoding string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) != encoding {
			continue
		}
		q = strings.ReplaceAll(q, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}
