package xform

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"waymark/internal/fault"
)

// Decode returns a document as UTF-8 text without a byte order mark, as Parse and
// Check read it. It fails for other encodings than UTF-8 and UTF-16.
func Decode(data []byte) (string, error) { return decode(data) }

// decode turns the bytes into UTF-8 text without a byte order mark.
func decode(data []byte) (string, error) {
	switch {
	case len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF:
		return string(data[3:]), nil
	case len(data) >= 2 && data[0] == 0xFE && data[1] == 0xFF:
		return fromUTF16(data[2:], binary.BigEndian), nil
	case len(data) >= 2 && data[0] == 0xFF && data[1] == 0xFE:
		return fromUTF16(data[2:], binary.LittleEndian), nil
	}
	src := string(data)
	if strings.HasPrefix(src, "<?xml") {
		head, _, _ := strings.Cut(src[:min(len(src), 200)], "?>")
		if _, enc, ok := strings.Cut(head, "encoding"); ok {
			enc = strings.ToLower(strings.Trim(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(enc), "=")), `"'`))
			if enc != "utf-8" && enc != "utf8" && enc != "us-ascii" {
				return "", fault.New(fault.Invalid, fault.Place{Row: 1}, fmt.Sprintf("the file says that its encoding is %q", enc), "save it as UTF-8")
			}
		}
	}
	return src, nil
}

func fromUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

func firstInvalid(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(s)
}
