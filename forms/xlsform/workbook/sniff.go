package workbook

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
)

const (
	zipMagic = "PK\x03\x04"
	oleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	utf8Mark = "\xEF\xBB\xBF"
	saveXLSX = "open it in a spreadsheet program and save it as .xlsx"
)

// strangers are files that people send instead of an XLSForm, by their first
// bytes.
var strangers = []struct{ magic, what, remedy string }{
	{"%PDF-", "a PDF document", "send the workbook that it was printed from"},
	{"{\\rtf", "a rich text document", "write the form in a spreadsheet"},
	{"\x89PNG", "a picture (PNG)", "send the workbook itself"},
	{"\xFF\xD8\xFF", "a picture (JPEG)", "send the workbook itself"},
	{"GIF8", "a picture (GIF)", "send the workbook itself"},
	{"\x1F\x8B", "a gzip archive", "unpack it and send the workbook inside"},
	{"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", "unpack it and send the workbook inside"},
	{"Rar!", "a RAR archive", "unpack it and send the workbook inside"},
	{"PK\x05\x06", "an empty zip archive", "send the workbook"},
	{"PK\x07\x08", "a zip archive in several pieces", "send the workbook"},
	{"SQLite format 3", "an SQLite database", "send the workbook"},
	{"PAR1", "a Parquet file", "send the workbook"},
	{"\x09\x08", "a workbook of Excel 5 or older", saveXLSX},
	{"\x09\x04", "a workbook of Excel 4 or older", saveXLSX},
	{"\x09\x02", "a workbook of Excel 3 or older", saveXLSX},
	{"\x09\x00\x04\x00", "a workbook of Excel 2 or older", saveXLSX},
	{"\xFF\xFE", "text in the encoding UTF-16", "save it as CSV in the encoding UTF-8"},
	{"\xFE\xFF", "text in the encoding UTF-16", "save it as CSV in the encoding UTF-8"},
}

// sniff says what the bytes are, or what they are instead of an XLSForm. A zip
// archive is taken for XLSX, and an OLE2 file for XLS; their readers look closer.
func sniff(data []byte) (Format, error) {
	if len(data) == 0 {
		return 0, fault.New(fault.Invalid, fault.Place{}, "the file is empty", "send the workbook of the form")
	}
	if len(data) > MaxFileBytes {
		return 0, tooLarge()
	}
	head := data[:min(len(data), 512)]
	switch {
	case bytes.HasPrefix(data, []byte(zipMagic)):
		return XLSX, nil
	case bytes.HasPrefix(data, []byte(oleMagic)):
		return XLS, nil
	}
	for _, s := range strangers {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return 0, notAForm(s.what, s.remedy)
		}
	}
	body := bytes.TrimPrefix(data, []byte(utf8Mark))
	start := strings.ToLower(string(bytes.TrimSpace(body[:min(len(body), 512)])))
	switch {
	case strings.HasPrefix(start, "<?xml") && strings.Contains(start, "urn:schemas-microsoft-com:office:spreadsheet"):
		return 0, notAForm("a spreadsheet in the XML of Excel 2003", saveXLSX)
	case strings.HasPrefix(start, "<?xml") && strings.Contains(start, "xforms"):
		return 0, notAForm("an XForm, which is what an XLSForm becomes", "send the workbook that it was made from")
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<table"):
		return 0, notAForm("a web page", "download the workbook itself, or "+saveXLSX)
	case strings.HasPrefix(start, "<?xml"):
		return 0, notAForm("an XML document", "send the workbook of the form")
	case strings.HasPrefix(start, "{"):
		return 0, notAForm("JSON", "send the workbook of the form")
	case start == "":
		return 0, fault.New(fault.Invalid, fault.Place{}, "the file holds nothing but white space", "send the workbook of the form")
	}
	if i := bytes.IndexByte(body, 0); i >= 0 {
		if i < 4 {
			return 0, notAForm("text in the encoding UTF-16 or UTF-32", "save it as CSV in the encoding UTF-8")
		}
		return 0, notAForm("a file of an unknown kind, not text", "send the form as .xlsx, .xls, .csv or markdown tables")
	}
	if !utf8.Valid(body) {
		return 0, notUTF8(body)
	}
	if looksMarkdown(body) {
		return Markdown, nil
	}
	return CSV, nil
}

// notAForm is the fault of a file of another kind.
func notAForm(what, remedy string) *fault.Fault {
	return fault.New(fault.Invalid, fault.Place{}, "the file is "+what+", not an XLSForm", remedy)
}

func tooLarge() *fault.Fault {
	return fault.New(fault.Unavailable, fault.Place{}, "the file is larger than 64 MiB", "remove pictures and sheets that the form does not need")
}

// notUTF8 points at the first line that is not UTF-8.
func notUTF8(body []byte) *fault.Fault {
	line := 1
	for i := 0; i < len(body); {
		r, size := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		i += size
	}
	return fault.New(fault.Invalid, fault.Place{Row: line}, "the text is not in the encoding UTF-8", `save it as "CSV UTF-8" or in the encoding UTF-8`)
}

// looksMarkdown says whether a text is markdown tables rather than CSV. The
// first line that says something decides: a table row begins with a pipe. Prose
// may stand before the tables, but not where lines begin with a comma, as most
// lines of an XLSForm in CSV do.
func looksMarkdown(body []byte) bool {
	first, commas := true, false
	for line := range bytes.Lines(body[:min(len(body), 64<<10)]) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if line[0] == '|' {
			return first || !commas
		}
		first = false
		commas = commas || line[0] == ',' || bytes.HasPrefix(line, []byte(`"",`))
	}
	return false
}
