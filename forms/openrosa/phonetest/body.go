package phonetest

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"slices"
)

// Body is the body that a phone sends, and its boundary.
func Body(document []byte, files map[string][]byte, incomplete bool) ([]byte, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	Part(w, "xml_submission_file", "interview.xml", "text/xml", document)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		Part(w, name, name, "application/octet-stream", files[name])
	}
	if incomplete {
		Part(w, "*isIncomplete*", "", "", []byte("yes"))
	}
	w.Close()
	return b.Bytes(), w.Boundary()
}

// Edges are the places in a body where cutting it could matter: every boundary
// and header, their ends and the bytes around them, the ends of the contents,
// and some places at random.
func Edges(body []byte, boundary string) []int {
	at := map[int]bool{0: true, len(body): true}
	mark := func(i int) {
		for d := -2; d <= 2; d++ {
			if i+d >= 0 && i+d <= len(body) {
				at[i+d] = true
			}
		}
	}
	for _, needle := range []string{"--" + boundary, "\r\n", "\r\n\r\n", "xml_submission_file", "filename=", "<meta>", "</data>", "*isIncomplete*"} {
		for from := 0; ; {
			i := bytes.Index(body[from:], []byte(needle))
			if i < 0 {
				break
			}
			mark(from + i)
			mark(from + i + len(needle))
			from += i + 1
		}
	}
	for i := len(body) - 8; i <= len(body); i++ {
		at[i] = true
	}
	rng := rand.New(rand.NewPCG(4, 2016))
	for range 60 {
		at[rng.IntN(len(body))] = true
	}
	return slices.Sorted(maps.Keys(at))
}
