package openrosa

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name of a file, in bytes, inclusive: what file systems
// take.
const maxName = 255

// goodName tells whether a file may have a name: no path, nothing unseen, no more
// than maxName bytes.
func goodName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= maxName &&
		utf8.ValidString(name) && !strings.ContainsAny(name, `/\`) && !strings.ContainsFunc(name, unseen)
}

// unseen are characters that hide in a name: controls, line and paragraph
// separators, and what turns the order of letters round so that a name reads as
// another.
func unseen(r rune) bool {
	return unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

// quoted undoes what browsers and OkHttp do to a quotation mark in a name.
// Source: HTML, "Multipart form data"; okhttp3.MultipartBody.
var quoted = strings.NewReplacer("%22", `"`)
