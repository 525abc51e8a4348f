package sav

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// chooseCharset takes the encoding that the file names, else that of its code
// page, else Windows-1252.
func (f *File) chooseCharset(d *dictionary) {
	name, page := "", 0
	for _, x := range d.extensions {
		switch {
		case x.subtype == 20:
			name = strings.Trim(string(x.data), " \x00")
		case x.subtype == 3 && len(x.data) >= 32:
			page = int(ints(x.data, f.order())[7])
		}
	}
	if name == "" && page > 4 { // 1 to 4 name no encoding
		name = strconv.Itoa(page)
	}
	f.Encoding = name
	f.charset = lookUp(name)
	if f.charset == nil && !isUTF8(name) {
		f.charset, f.Encoding = charmap.Windows1252, "windows-1252"
	}
	if f.charset != nil {
		f.decoder = f.charset.NewDecoder()
	}
}

func isUTF8(name string) bool {
	name = strings.ToLower(name)
	return name == "utf-8" || name == "utf8" || name == "65001"
}

// lookUp finds an encoding by the names that SPSS and PSPP write: of the web,
// or "cp1252", or the number of a code page. Nil is UTF-8, or not known.
func lookUp(name string) encoding.Encoding {
	if isUTF8(name) || name == "" {
		return nil
	}
	name = strings.ToLower(name)
	number := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "windows-"), "cp"), "ibm")
	if page, err := strconv.Atoi(number); err == nil {
		switch page {
		case 437:
			return charmap.CodePage437
		case 850:
			return charmap.CodePage850
		case 852:
			return charmap.CodePage852
		case 855:
			return charmap.CodePage855
		case 858:
			return charmap.CodePage858
		case 860:
			return charmap.CodePage860
		case 862:
			return charmap.CodePage862
		case 863:
			return charmap.CodePage863
		case 865:
			return charmap.CodePage865
		case 866:
			return charmap.CodePage866
		case 932:
			number = "shift_jis"
		case 936:
			number = "gbk"
		case 949:
			number = "euc-kr"
		case 950:
			number = "big5"
		case 54936:
			number = "gb18030"
		case 20127:
			number = "windows-1252"
		default:
			if page > 28590 && page < 28606 {
				number = "iso-8859-" + strconv.Itoa(page-28590)
			} else {
				number = "windows-" + number
			}
		}
		name = number
	}
	e, err := htmlindex.Get(name)
	if err != nil || strings.HasPrefix(strings.ToLower(name), "utf-16") {
		return nil
	}
	return e
}

// decode gives UTF-8. In a file of another encoding a text of ASCII alone
// needs nothing; in one of UTF-8, what is not is taken for Windows-1252.
func (f *File) decode(b []byte) []byte {
	ascii := true
	for _, c := range b {
		if c >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return b
	}
	decoder := f.decoder
	if decoder == nil {
		if utf8.Valid(b) {
			return b
		}
		f.Foreign++
		decoder = charmap.Windows1252.NewDecoder()
	}
	out, err := decoder.Bytes(b)
	if err != nil {
		f.Foreign++
		return []byte(strings.ToValidUTF8(string(b), "\uFFFD"))
	}
	return out
}

func (f *File) string(b []byte) string { return string(f.decode(b)) }
