package table

import (
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// charset is the encoding of a text file.
type charset uint8

const (
	charsetUTF8 charset = iota
	charsetUTF16LE
	charsetUTF16BE
	charsetWindows1252
	charsetDamagedUTF8 // UTF-8 with some bytes that are not
)

// decode returns the file's text as UTF-8. UTF-8 itself passes unchanged, and
// the scanner checks it.
func (c charset) decode(r io.Reader) io.Reader {
	var e encoding.Encoding
	switch c {
	case charsetUTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case charsetUTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case charsetWindows1252:
		e = charmap.Windows1252
	case charsetDamagedUTF8:
		e = unicode.UTF8
	default:
		return r
	}
	return e.NewDecoder().Reader(r)
}

// sniffCharset tells UTF-16 by its byte order mark or, without one, by where
// the zero bytes of its Latin letters and commas stand. The rest is taken to be
// UTF-8 until a byte proves otherwise.
func sniffCharset(head []byte) charset {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return charsetUTF16LE
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return charsetUTF16BE
	}
	var even, odd int
	for i, b := range head {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	switch half := len(head) / 2; {
	case half >= 2 && odd > half/2 && even < half/10+1:
		return charsetUTF16LE
	case half >= 2 && even > half/2 && odd < half/10+1:
		return charsetUTF16BE
	}
	return charsetUTF8
}

// surveyCharset reads a file that is not UTF-8 throughout and says whether it
// is damaged UTF-8 (most characters beyond ASCII are whole) or Windows-1252,
// of which Latin-1 is the part that text uses.
func surveyCharset(ctx context.Context, r io.Reader) (charset, error) {
	buf := make([]byte, 256<<10)
	kept, whole, broken := 0, 0, 0
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := r.Read(buf[kept:])
		data := buf[:kept+n]
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return 0, err
		}
		for len(data) > 0 && (last || utf8.FullRune(data)) {
			if data[0] < utf8.RuneSelf {
				data = data[1:]
				continue
			}
			c, size := utf8.DecodeRune(data)
			if c == utf8.RuneError && size == 1 {
				broken++
			} else {
				whole++
			}
			data = data[size:]
		}
		kept = copy(buf, data)
		if last {
			break
		}
	}
	if whole > 10*broken {
		return charsetDamagedUTF8, nil
	}
	return charsetWindows1252, nil
}
