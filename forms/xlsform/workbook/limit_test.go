package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"waymark/internal/fault"
)

// withSheet packs a workbook whose survey sheet is written by write.
func withSheet(t testing.TB, write func(io.Writer)) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, part := range []struct {
		name string
		body func(io.Writer)
	}{
		{"xl/workbook.xml", func(w io.Writer) { io.WriteString(w, bookXML) }},
		{"xl/_rels/workbook.xml.rels", func(w io.Writer) { io.WriteString(w, relsXML) }},
		{"xl/worksheets/sheet2.xml", func(w io.Writer) { io.WriteString(w, emptyXML) }},
		{"xl/worksheets/sheet1.xml", func(w io.Writer) {
			io.WriteString(w, "<worksheet><sheetData>")
			write(w)
			io.WriteString(w, "</sheetData></worksheet>")
		}},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			t.Fatal(err)
		}
		part.body(w)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// cost is what reading takes: time and memory allocated.
func cost(read func()) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	read()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

// hang is far beyond what reading takes, even with the race detector on a busy
// machine: milliseconds otherwise.
const hang = 30 * time.Second

const firstRow = `<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>note</t></is></c></row>`

// Cells and rows that hold nothing but a style cost next to nothing: pyxform
// issue 604 has 27 s for them.
func TestEmptyCellsCostNothing(t *testing.T) {
	rows := withSheet(t, func(w io.Writer) {
		io.WriteString(w, firstRow)
		many := strings.Repeat(`<row spans="1:2" ht="15"><c r="A3" s="3"/><c r="B3" s="3"/></row>`, 1024)
		for range MaxRows / 1024 {
			io.WriteString(w, many)
		}
	})
	columns := withSheet(t, func(w io.Writer) {
		io.WriteString(w, firstRow)
		var row strings.Builder
		for c := range MaxColumns {
			fmt.Fprintf(&row, `<c r="%s3" s="1"/>`, ColumnName(c))
		}
		for range 57 {
			io.WriteString(w, "<row>"+row.String()+"</row>")
		}
	})
	for name, c := range map[string]struct {
		data []byte
		size uint64
	}{
		"1,048,576 rows": {rows, 2 << 20},
		"16,384 columns": {columns, 2 << 20},
	} {
		took, size := cost(func() {
			w, err := Read(c.data)
			if err != nil || len(w.Sheet("survey").Rows) != 1 {
				t.Errorf("%s: %v", name, err)
			}
		})
		t.Logf("%s: %v and %d kB", name, took, size>>10)
		if took > hang || size > c.size {
			t.Errorf("%s: %v and %d kB, more than %v and %d kB", name, took, size>>10, hang, c.size>>10)
		}
	}
}

// Bombs are refused in little time and memory.
func TestBombs(t *testing.T) {
	spaces := strings.Repeat(" ", 1<<20)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"white space": {withSheet(t, func(w io.Writer) {
			for range 40 {
				io.WriteString(w, spaces)
			}
		}), "zip bomb"},
		"one text": {withSheet(t, func(w io.Writer) {
			io.WriteString(w, `<row r="1"><c r="A1" t="str"><v>`)
			for range 3 {
				io.WriteString(w, spaces)
			}
		}), "1 MiB"},
		"one tag": {withSheet(t, func(w io.Writer) {
			io.WriteString(w, `<row r="1" x="`)
			for range 3 {
				io.WriteString(w, spaces)
			}
		}), "1 MiB"},
		"one text a thousand times": {withSheet(t, func(w io.Writer) {
			io.WriteString(w, firstRow)
			text := strings.Repeat("x", MaxTextChars)
			for range 1000 {
				io.WriteString(w, `<row><c t="str"><v>`+text+`</v></c></row>`)
			}
		}), "zip bomb"},
	} {
		took, size := cost(func() {
			_, err := Read(c.data)
			var cause string
			if err != nil {
				cause = err.Error()
				if f, ok := err.(*fault.Fault); ok && f.Cause != nil {
					cause += f.Cause.Error()
				}
			}
			if !strings.Contains(cause, c.want) {
				t.Errorf("%s: %v, want %q", name, err, c.want)
			}
		})
		t.Logf("%s: %v and %d kB", name, took, size>>10)
		if took > hang || size > 64<<20 {
			t.Errorf("%s: %v and %d kB", name, took, size>>10)
		}
	}
	if _, err := Read(make([]byte, MaxFileBytes+1)); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a large file: %v", err)
	}
}

// What is too many is refused before it takes memory, by its name.
func TestTooMany(t *testing.T) {
	var parts, sheets []string
	for i := range MaxParts + 1 {
		parts = append(parts, fmt.Sprintf("part%d", i), "")
	}
	for i := range MaxSheets + 1 {
		sheets = append(sheets, fmt.Sprintf("sheet%d", i))
	}
	locked := zipOf(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML)
	at := bytes.Index(locked, []byte("PK\x01\x02"))
	locked[at+8] |= 1
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"parts":            {zipOf(t, parts...), "4096 parts"},
		"sheets":           {zipOf(t, "xl/workbook.xml", `<workbook><sheet name="`+strings.Join(sheets, `"/><sheet name="`)+`"/></workbook>`), "1024 sheets"},
		"sheets of CSV":    {[]byte(strings.Join(sheets, ",a\n") + "\n"), "1024 sheets"},
		"columns of CSV":   {[]byte("survey\n" + strings.Repeat(",a", MaxColumns+2)), "16384 columns"},
		"columns of pipes": {[]byte("| survey |\n" + strings.Repeat("|a", MaxColumns+3) + "|"), "16384 columns"},
		"a long name":      {zipOf(t, "xl/workbook.xml", `<workbook><sheet name="`+strings.Repeat("x", maxName+1)+`"/></workbook>`), "damaged"},
		"a password":       {locked, "password"},
	} {
		if _, err := Read(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A part whose checksum is wrong is damaged, even if it can be unpacked.
func TestChecksum(t *testing.T) {
	data := withSheet(t, func(w io.Writer) { io.WriteString(w, firstRow) })
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.Name != "xl/workbook.xml" {
			continue
		}
		sum := []byte{byte(f.CRC32), byte(f.CRC32 >> 8), byte(f.CRC32 >> 16), byte(f.CRC32 >> 24)}
		if data = bytes.ReplaceAll(data, sum, []byte{1, 2, 3, 4}); !bytes.Contains(data, []byte{1, 2, 3, 4}) {
			t.Fatal("no checksum found")
		}
	}
	if _, err := Read(data); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("%v", err)
	}
}
