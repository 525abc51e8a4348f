package table

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"waymark/internal/fault"
	"waymark/stats/table/dta"
	"waymark/stats/table/sav"
)

// format is what a file's content says it is.
type format uint8

const (
	formatCSV format = iota
	formatXLSX
	formatParquet
	formatDTA
	formatSAV
)

// sniffBytes is how much of a file's beginning decides what it is.
const sniffBytes = 64 << 10

// foreign are formats that are recognised by their first bytes and refused.
var foreign = []struct {
	magic  string
	is     string
	remedy string
}{
	{"%PDF-", "a PDF document", "export the data as CSV or XLSX: a PDF keeps no cells"},
	{"\x1f\x8b", "a gzip archive", "unpack it first, for example with gunzip"},
	{"BZh91AY&SY", "a bzip2 archive", "unpack it first"},
	{"\xfd7zXZ\x00", "an xz archive", "unpack it first"},
	{"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"},
	{"Rar!\x1a\x07", "a RAR archive", "unpack it first"},
	{"ARROW1\x00\x00", "an Arrow file", "save it as Parquet or CSV"},
	{"ASCII SPSS PORT FILE", "an SPSS portable file", "in SPSS: save it as .sav"},
	{"\xc1\xe2\xc3\xc9\xc9@\xe2\xd7\xe2\xe2@\xd7\xd6\xd9\xe3@\xc6\xc9\xd3\xc5", "an SPSS portable file", "in SPSS: save it as .sav"},
	{"HEADER RECORD*******LIBRARY HEADER RECORD", "a SAS transport file", "in SAS: export it as CSV"},
	{"SQLite format 3\x00", "an SQLite database", "export the table as CSV"},
	{"\x89PNG", "a picture", "give the file with the interviews"},
	{"\xff\xd8\xff", "a picture", "give the file with the interviews"},
	{"{\\rtf", "a text document (RTF)", "export the data as CSV or XLSX"},
}

// sniff decides the format by content, never by the file's name. head is the
// file's beginning, up to sniffBytes.
func sniff(r io.ReaderAt, size int64, head []byte, rep *report) (format, error) {
	at := rep.at(0, 0, "")
	refuse := func(what, remedy string) (format, error) {
		return 0, fault.New(fault.Invalid, at, "this is "+what+", not CSV, XLSX, Parquet, Stata or SPSS", remedy)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PAR1")):
		return formatParquet, nil
	case sav.Sniff(head):
		return formatSAV, nil
	case dta.Sniff(head):
		return formatDTA, nil
	case bytes.HasPrefix(head, []byte("PARE")):
		return refuse("an encrypted Parquet file", "save it without encryption")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		what, remedy := sniffZip(r, size)
		if what == "" {
			return formatXLSX, nil
		}
		return refuse(what, remedy)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		what, remedy := sniffOLE(r, size)
		return refuse(what, remedy)
	case bytes.HasPrefix(head, []byte("\x09\x08\x10\x00\x00\x06\x05\x00")), bytes.HasPrefix(head, []byte("\x09\x04\x06\x00")):
		return refuse("an old Excel workbook (.xls)", "open it and save it as .xlsx or CSV")
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return refuse(f.is, f.remedy)
		}
	}
	if what, remedy := sniffMarkup(head); what != "" {
		return refuse(what, remedy)
	}
	return formatCSV, nil
}

// sniffZip says what a zip archive is, or "" for a workbook.
func sniffZip(r io.ReaderAt, size int64) (what, remedy string) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "a damaged zip archive or workbook", "copy or download the file again; a workbook must have been saved whole"
	}
	only := ""
	for _, f := range z.File {
		switch name := strings.ToLower(f.Name); {
		case name == "xl/workbook.bin":
			return "a binary Excel workbook (.xlsb)", "open it and save it as .xlsx or CSV"
		case strings.HasPrefix(name, "xl/"):
			return "", ""
		case strings.HasPrefix(name, "word/"):
			return "a Word document", "give the file with the interviews, as CSV or XLSX"
		case strings.HasPrefix(name, "ppt/"):
			return "a presentation", "give the file with the interviews, as CSV or XLSX"
		case name == "mimetype" || name == "content.xml":
			return "an OpenDocument file (.ods or .odt)", "open it and save it as .xlsx or CSV"
		case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".xlsx"), strings.HasSuffix(name, ".parquet"):
			only = "data"
		}
	}
	if only != "" {
		return "a zip archive with data files in it", "unpack it and give the file with the interviews"
	}
	return "a zip archive", "unpack it and give the file with the interviews"
}

// sniffOLE tells an encrypted workbook from an old one: both are compound
// files, and the directory names of a compound file are in UTF-16.
func sniffOLE(r io.ReaderAt, size int64) (what, remedy string) {
	head := make([]byte, min(size, 1<<20))
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	if bytes.Contains(head, utf16LE("EncryptedPackage")) {
		return "a workbook protected by a password", "remove the password (File, Info, Protect Workbook) and save it again"
	}
	if bytes.Contains(head, utf16LE("WordDocument")) {
		return "an old Word document", "give the file with the interviews, as CSV or XLSX"
	}
	return "an old Excel workbook (.xls)", "open it and save it as .xlsx or CSV"
}

func utf16LE(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// sniffMarkup recognises HTML, XML and JSON, which some tools save under the
// name of a spreadsheet.
func sniffMarkup(head []byte) (what, remedy string) {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) == 0 {
		return "", ""
	}
	start := strings.ToLower(string(text[:min(len(text), 512)]))
	switch {
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<table"),
		strings.HasPrefix(start, "<head"), strings.HasPrefix(start, "<meta"):
		return "a web page (HTML)", "if it came from a download, sign in and download it again; else open it in a spreadsheet and save it as CSV"
	case strings.HasPrefix(start, "<?xml"):
		return "an XML file", "export the data as CSV or XLSX"
	}
	if text[0] == '{' || text[0] == '[' {
		d := json.NewDecoder(bytes.NewReader(text))
		for i := 0; ; i++ {
			if _, err := d.Token(); err != nil {
				if i > 0 && err == io.EOF {
					return "JSON", "export the data as CSV or XLSX"
				}
				break
			}
			if i >= 8 {
				return "JSON", "export the data as CSV or XLSX"
			}
		}
	}
	return "", ""
}
