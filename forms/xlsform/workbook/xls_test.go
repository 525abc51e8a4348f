package workbook

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"waymark/internal/fault"
)

// record writes a BIFF8 record: numbers of 1, 2, 4 and 8 bytes by their Go
// types, and bytes as they are.
func record(id uint16, parts ...any) []byte {
	var body []byte
	for _, part := range parts {
		switch v := part.(type) {
		case byte:
			body = append(body, v)
		case int:
			body = binary.LittleEndian.AppendUint16(body, uint16(v))
		case uint32:
			body = binary.LittleEndian.AppendUint32(body, v)
		case float64:
			body = binary.LittleEndian.AppendUint64(body, math.Float64bits(v))
		case string:
			body = append(body, v...)
		case []byte:
			body = append(body, v...)
		}
	}
	out := binary.LittleEndian.AppendUint16(nil, id)
	return append(binary.LittleEndian.AppendUint16(out, uint16(len(body))), body...)
}

// wide writes a text of two bytes a character, with its flags.
func wide(s string) []byte {
	out := []byte{1}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// biffOf writes a stream with one sheet, survey, of the given records, after
// more records of the globals.
func biffOf(globals, cells []byte) []byte {
	bof := func(kind int) []byte { return record(recBOF, 0x0600, kind, 0, 0, uint32(0), uint32(0)) }
	head := append(bof(5), globals...)
	at := len(head) + len(record(recBoundSheet, uint32(0), byte(0), byte(0), byte(6), byte(0), "Survey")) + 4
	out := append(head, record(recBoundSheet, uint32(at), byte(0), byte(0), byte(6), byte(0), "Survey")...)
	out = append(out, record(recEOF)...)
	out = append(out, bof(16)...)
	out = append(out, cells...)
	return append(out, record(recEOF)...)
}

// oleOf writes an OLE2 container of version 3 with one stream, which it pads to
// the size from which streams are kept in sectors of their own. Source:
// [MS-CFB], §2.
func oleOf(name string, stream []byte) []byte {
	const sector = 512
	for len(stream) < 4096 || len(stream)%sector != 0 {
		stream = append(stream, 0)
	}
	sectors := len(stream) / sector
	fats := (sectors + 2 + 127) / 127
	head := make([]byte, sector)
	copy(head, oleMagic)
	le := binary.LittleEndian
	le.PutUint16(head[24:], 0x3E)
	le.PutUint16(head[26:], 3)
	le.PutUint16(head[28:], 0xFFFE)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], uint32(fats))
	le.PutUint32(head[48:], uint32(fats)) // the directory follows the tables
	le.PutUint32(head[56:], 4096)
	le.PutUint32(head[60:], 0xFFFFFFFE)
	le.PutUint32(head[68:], 0xFFFFFFFE)
	table := make([]byte, fats*sector)
	for i := range table {
		table[i] = 0xFF
	}
	for i := range 109 {
		le.PutUint32(head[76+4*i:], 0xFFFFFFFF)
	}
	for i := range fats {
		le.PutUint32(head[76+4*i:], uint32(i))
		le.PutUint32(table[4*i:], 0xFFFFFFFD)
	}
	le.PutUint32(table[4*fats:], 0xFFFFFFFE)
	for i := range sectors {
		next := uint32(fats + 2 + i)
		if i == sectors-1 {
			next = 0xFFFFFFFE
		}
		le.PutUint32(table[4*(fats+1+i):], next)
	}
	directory := make([]byte, sector)
	entry := func(i int, name string, kind byte, child, start uint32, size int) {
		e := directory[128*i:]
		copy(e, wide(name)[1:])
		le.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66], e[67] = kind, 1
		le.PutUint32(e[68:], 0xFFFFFFFF)
		le.PutUint32(e[72:], 0xFFFFFFFF)
		le.PutUint32(e[76:], child)
		le.PutUint32(e[116:], start)
		le.PutUint64(e[120:], uint64(size))
	}
	entry(0, "Root Entry", 5, 1, 0xFFFFFFFE, 0)
	entry(1, name, 2, 0xFFFFFFFF, uint32(fats+1), len(stream))
	return append(append(append(head, table...), directory...), stream...)
}

// sstRecords is a table of texts whose last one runs over two records, the
// first with one byte a character and the second with two.
func sstRecords() []byte {
	out := record(recSST, uint32(6), uint32(6),
		4, byte(0), "type", 5, byte(0), "label", 5, wide("\u00a0né\u00a0"), // five characters with the one below
		wide("o")[1:],
		3, byte(8), 1, "abc", uint32(0), // with one run of formatting
		2, byte(5), uint32(4), wide("ök")[1:], "\x01\x02\x03\x04", // with phonetic bytes
		6, byte(0), "Zuß\xe9"[:2])
	return append(out, record(recContinue, wide("ß né"))...)
}

func TestXLS(t *testing.T) {
	globals := append(sstRecords(), record(recFormat, 200, 10, byte(0), "dd/mm/yyyy")...)
	globals = append(globals, record(recXF, 0, 0)...)
	globals = append(globals, record(recXF, 0, 200)...)
	cell := func(id uint16, row, column, style int, parts ...any) []byte {
		return record(id, append([]any{row, column, style}, parts...)...)
	}
	var cells []byte
	for _, r := range [][]byte{
		cell(recLabelSST, 1, 0, 0, uint32(2)), // before row 0: cells may come in any order
		cell(recLabelSST, 0, 0, 0, uint32(0)),
		cell(recLabelSST, 0, 1, 0, uint32(1)),
		cell(recLabel, 0, 2, 0, 4, byte(0), "more"),
		cell(recLabelSST, 1, 1, 0, uint32(5)),
		cell(recNumber, 1, 2, 0, 2.5),
		cell(recNumber, 2, 0, 1, 42649.3960069444),
		cell(recRK, 2, 1, 0, uint32(7<<2|2)),
		cell(recRK, 2, 2, 0, uint32(1234<<2|3)),
		record(recMulRK, 3, 0, 0, uint32(1<<2|2), 1, uint32(61<<2|2), 0, uint32(math.Float64bits(0.5)>>32), 2),
		cell(recBoolErr, 4, 0, 0, byte(1), byte(0)),
		cell(recFormula, 4, 1, 0, byte(0), byte(0), byte(0), byte(0), byte(0), byte(0), 0xFFFF, 0, uint32(0)),
		record(recString, 2, wide("öä")),
		cell(recFormula, 4, 2, 0, 6.0, 0, uint32(0)),
		cell(recFormula, 5, 0, 0, byte(1), byte(0), byte(0), byte(0), byte(0), byte(0), 0xFFFF, 0, uint32(0)),
		cell(recRString, 5, 1, 0, 2, byte(0), "hi", 1, uint32(0)),
		cell(recNumber, 5, 2, 1, 0.25),
		record(recBOF, 0x0600, 0x20), cell(recNumber, 9, 0, 0, 1.0), record(recEOF), // a chart
	} {
		cells = append(cells, r...)
	}
	want := "[\"Survey\"]\nsurvey \"Survey\" [\"type\" \"label\" \"more\"]\n" +
		"2 A=\"né o\" B=\"Zuß né\" C=\"2.5\"\n" +
		"3 A=\"2016-10-06 09:30:15\" B=\"7\" C=\"12.34\"\n" +
		"4 A=\"1\" B=\"1900-03-01 00:00:00\" C=\"0.5\"\n" +
		"5 A=\"TRUE\" B=\"öä\" C=\"6\"\n" +
		"6 A=\"FALSE\" B=\"hi\" C=\"06:00:00\"\n"
	w, err := Read(oleOf("Workbook", biffOf(globals, cells)))
	if err != nil || w.Format != XLS || dump(w) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, dump(w), want)
	}
}

func TestXLSFaults(t *testing.T) {
	head := record(recLabel, 0, 0, 0, 4, byte(0), "type")
	with := func(records ...[]byte) []byte {
		out := head
		for _, r := range records {
			out = append(out[:len(out):len(out)], r...)
		}
		return oleOf("Workbook", biffOf(record(recXF, 0, 22), out))
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"error":           {with(record(recBoolErr, 1, 0, 0, byte(0x17), byte(1))), "shows the error #REF!"},
		"ambiguous date":  {with(record(recNumber, 1, 0, 0, 30.0)), "before March 1900"},
		"negative date":   {with(record(recNumber, 1, 0, 0, -1.0)), "outside the calendar"},
		"not a number":    {with(record(recNumber, 1, 0, 0, math.NaN())), "cannot be read"},
		"header number":   {with(record(recNumber, 0, 1, 9, 3.0)), "holds a number, 3"},
		"control":         {with(record(recLabel, 1, 0, 0, 2, byte(0), "a\x01")), "U+0001"},
		"no such text":    {with(record(recLabelSST, 1, 0, 0, uint32(9))), "damaged"},
		"text cut off":    {with(record(recLabel, 1, 0, 0, 200, byte(0), "a")), "damaged"},
		"password":        {oleOf("Workbook", biffOf(record(recFilePass, 0), nil)), "password"},
		"encrypted .xlsx": {oleOf("EncryptedPackage", nil), "password"},
		"Excel 95":        {oleOf("Book", nil), "Excel 5 or 95"},
		"Word":            {oleOf("WordDocument", nil), "Word"},
		"no records":      {oleOf("Workbook", nil), "damaged"},
		"other":           {oleOf("Contents", nil), "old Office file"},
		"no end":          {oleOf("Workbook", biffOf(nil, record(0x0A0A, strings.Repeat("x", 8000)))[:4200]), "damaged"},
	} {
		_, err := Read(c.data)
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Message, c.want) || f.Remedy == "" {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
