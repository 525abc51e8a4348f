package sav

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"waymark/internal/fault"
)

var limits = Limits{Columns: 100, Rows: 10_000, CaseBytes: 1 << 16, Unpacked: 8 << 20, Ratio: 1_100}

// dump opens a file and writes out all that it holds.
func dump(data []byte) (string, error) {
	f, err := Open(bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%q %s %d rows, weight %q\n", f.Label, f.Encoding, f.Rows, f.Weight)
	for _, s := range f.Sets {
		fmt.Fprintf(&b, "set %s %q %q\n", s.Name, s.Label, s.Variables)
	}
	for _, v := range f.Variables {
		fmt.Fprintf(&b, "%s %d %s %q %d %v %v\n", v.Name, v.Width, v.Format, v.Label, v.Measure, v.Attributes, v.Missing)
		for _, l := range v.Labels {
			fmt.Fprintf(&b, "  %v %q %s\n", l.Number, l.Value, l.Text)
		}
	}
	numbers, marks := make([]float64, f.BlockRows()), make([]uint8, f.BlockRows())
	err = f.Scan(io.NewSectionReader(bytes.NewReader(data), f.DataOffset(), int64(len(data))), func(block *Block) error {
		for i, v := range f.Variables {
			if v.Width == 0 {
				block.Numbers(i, numbers, marks)
			}
			for row := range block.Rows {
				switch {
				case v.Width > 0:
					fmt.Fprintf(&b, "%q ", block.Text(i, row))
				case marks[row] == NotANumber:
					b.WriteString("? ")
				case marks[row] > 0:
					b.WriteString(". ")
				default:
					fmt.Fprintf(&b, "%v ", numbers[row])
				}
			}
			b.WriteByte('\n')
		}
		return nil
	})
	return b.String(), err
}

// builder writes a file as the description of the format says, without the
// writer here.
type builder struct {
	b     []byte
	order binary.AppendByteOrder
}

func (w *builder) ints(values ...int32) {
	for _, v := range values {
		w.b = w.order.AppendUint32(w.b, uint32(v))
	}
}
func (w *builder) floats(values ...float64) {
	for _, v := range values {
		w.b = w.order.AppendUint64(w.b, math.Float64bits(v))
	}
}
func (w *builder) text(s string, n int) { w.b = append(w.b, s+strings.Repeat(" ", n-len(s))...) }
func (w *builder) extension(subtype, size int32, data string) {
	w.ints(7, subtype, size, int32(len(data))/size)
	w.b = append(w.b, data...)
}

const sysmis = -math.MaxFloat64

// byHand is a file of four variables, one of them of 300 bytes in two segments.
func byHand(order binary.AppendByteOrder, compression int32) []byte {
	w := &builder{order: order}
	w.text("$FL2", 4)
	w.text("@(#) a test", 60)
	slots := int32(1 + 1 + 2 + 32 + 6)
	w.ints(2, slots, compression, 2, 3)
	w.floats(100)
	w.text("01 Jan 2000:00:00", 17)
	w.text("Synth\xe9tic", 64)
	w.text("", 3)
	variable := func(width int32, name, label string, format int32, missing ...float64) {
		n := int32(len(missing))
		if n == 2 { // a range
			n = -2
		}
		has := int32(0)
		if label != "" {
			has = 1
		}
		w.ints(2, width, has, n, format, format)
		w.text(name, 8)
		if has == 1 {
			w.ints(int32(len(label)))
			w.text(label, (len(label)+3)/4*4)
		}
		w.floats(missing...)
		for i := int32(8); i < width; i += 8 {
			w.ints(2, -1, 0, 0, 0, 0)
			w.text("", 8)
		}
	}
	variable(0, "A", "caf\xe9", FormatF<<16|8<<8|2, -9, -1)
	variable(0, "B", "", FormatDate<<16|11<<8, 99)
	variable(12, "C", "", FormatA<<16|12<<8)
	variable(255, "D", "", FormatA<<16|255<<8)
	variable(48, "D0", "", FormatA<<16|48<<8)
	w.ints(3, 2)
	w.floats(1)
	w.text("\x03yes", 8)
	w.floats(-9)
	w.text("\x09don't kno", 16)
	w.ints(4, 2, 1, 2)
	w.ints(6, 1)
	w.text("a document", 80)
	info := &builder{order: order}
	info.ints(1, 0, 0, -1, 1, 1, 1, 1252)
	w.extension(3, 4, string(info.b))
	info.b = nil
	info.floats(sysmis, math.MaxFloat64, -1)
	w.extension(4, 8, string(info.b))
	w.extension(7, 1, "$m=C 5 a set A B\n$d=D1 1 0  A B\n")
	info.b = nil
	info.ints(3, 8, 1, 2, 8, 1, 1, 8, 1, 1, 8, 1, 1, 8, 1)
	w.extension(11, 4, string(info.b))
	w.extension(13, 1, "A=LongName\tB=b\tC=c\tD=essay")
	w.extension(14, 1, "D=00300\x00\t")
	w.extension(18, 1, "LongName:one('1'\n)two('x'\n'y'\n)/c:three('z'\n)")
	w.extension(99, 1, "not known")
	info.b = nil
	info.ints(1)
	info.text("c", 1)
	info.ints(12, 1, 2)
	info.text("TU", 2)
	info.ints(6)
	info.text("T\xfcrkei", 6)
	w.extension(21, 1, string(info.b))
	info.b = nil
	info.ints(1)
	info.text("c\x01", 2)
	info.ints(8)
	info.text("none", 8)
	w.extension(22, 1, string(info.b))
	w.ints(999, 0)
	long := []string{strings.Repeat("x", 254) + "ab" + strings.Repeat("y", 44), "", "end"}
	var codes, values []byte
	put := func(code byte, field []byte) {
		if compression == 0 {
			w.b = append(w.b, field...)
			return
		}
		codes = append(codes, code)
		if code == codeRaw {
			values = append(values, field...)
		}
		if len(codes) == 8 {
			w.b = append(append(w.b, codes...), values...)
			codes, values = nil, nil
		}
	}
	number := func(code byte, v float64) { put(code, order.AppendUint64(nil, math.Float64bits(v))) }
	text := func(s string, n int) {
		s += strings.Repeat(" ", n-len(s))
		for ; s != ""; s = s[8:] {
			code := byte(codeRaw)
			if s[:8] == "        " {
				code = codeSpaces
			}
			put(code, []byte(s[:8]))
		}
	}
	for row := range 3 {
		number([]byte{101, codeRaw, codeMissing}[row], []float64{1, 2.5, sysmis}[row])
		number(codeRaw, []float64{1e10, -99, math.Inf(1)}[row])
		text([]string{"TU", "none", "caf\xe9 au lait"}[row], 16)
		text(long[row][:min(255, len(long[row]))], 256)
		text(long[row][min(255, len(long[row])):], 48)
	}
	if len(codes) > 0 {
		w.b = append(append(append(w.b, codes...), make([]byte, 8-len(codes))...), values...)
	}
	return w.b
}

var want = `"Synthétic" 1252 3 rows, weight "b"
set $m "a set" ["LongName" "b"]
set $d "" ["LongName" "b"]
LongName 0 F8.2 "café" 3 map[one:[1] two:[x y]] {[] [] true -9 -1}
  1 "" yes
  -9 "" don't kno
b 0 DATE11 "" 2 map[] {[99] [] false 0 0}
  1 "" yes
  -9 "" don't kno
c 12 A12 "" 1 map[three:[z]] {[] [none] false 0 0}
  0 "TU" Türkei
essay 300 A255 "" 1 map[] {[] [] false 0 0}
1 2.5 . 
1e+10 -99 ? 
"TU" "none" "café au lait" 
"` + strings.Repeat("x", 254) + "ab" + strings.Repeat("y", 44) + `" "" "end" 
`

func TestByteOrders(t *testing.T) {
	for _, compression := range []int32{0, 1} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			if got, err := dump(byHand(order, compression)); err != nil || got != want {
				t.Errorf("%s, compression %d: %v\n%s\nexpected\n%s", order, compression, err, got, want)
			}
		}
	}
}

// A file need not say how many cases it has.
func TestUnknownNumberOfCases(t *testing.T) {
	for _, compression := range []int32{0, 1} {
		data := byHand(binary.LittleEndian, compression)
		binary.LittleEndian.PutUint32(data[80:], 0xffffffff)
		if got, err := dump(data); err != nil || got != strings.Replace(want, " 3 rows", " -1 rows", 1) {
			t.Errorf("compression %d: %v\n%s", compression, err, got)
		}
		if _, err := dump(data[:len(data)-130]); err == nil {
			t.Errorf("compression %d: a file cut within a case is read", compression)
		}
	}
}

func TestEncodings(t *testing.T) {
	for name, want := range map[string]string{"windows-1251": "\u0439", "1251": "\u0439", "ISO-8859-5": "\u0449", "cp866": "\u0449", "nothing known": "\u00e9", "UTF-8": "\u00e9", "28591": "\u00e9"} {
		f := &File{}
		f.chooseCharset(&dictionary{extensions: []extension{{20, []byte(name)}}})
		if got := f.string([]byte("\xe9")); got != want {
			t.Errorf("%s: %q, expected %q", name, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	good := byHand(binary.LittleEndian, 1)
	change := func(from, to string) []byte { return bytes.Replace(bytes.Clone(good), []byte(from), []byte(to), 1) }
	zlib := &bytes.Buffer{}
	out := &Output{Rows: 2, Zlib: true, Variables: []OutVariable{{Variable: Variable{Name: "x"}, Number: func(int) (float64, bool) { return 2.5, true }}}}
	if err := Write(zlib, out); err != nil {
		t.Fatal(err)
	}
	if got, err := dump(zlib.Bytes()); err != nil || !strings.Contains(got, "2.5 2.5 ") {
		t.Fatalf("%v, %s", err, got)
	}
	bomb := bytes.Clone(zlib.Bytes())
	binary.LittleEndian.PutUint32(bomb[len(bomb)-8:], 1<<30)
	grown := bytes.Clone(zlib.Bytes())
	binary.LittleEndian.PutUint32(grown[len(grown)-8:], 17)
	short := bytes.Clone(zlib.Bytes())
	binary.LittleEndian.PutUint32(short[len(short)-8:], 7)
	moved := bytes.Clone(zlib.Bytes())
	moved[len(moved)-16]++
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"no byte order":      {change("a test"+strings.Repeat(" ", 49)+"\x02", "a test"+strings.Repeat(" ", 49)+"\x09"), "byte order is not known"},
		"cut":                {good[:len(good)-400], "ends within the cases"},
		"an unknown record":  {change("\xe7\x03\x00\x00", "\xe8\x03\x00\x00"), "a record of the unknown type 1000"},
		"a wide segment":     {change("D=00300", "D=09999"), "fewer parts than its width needs"},
		"a wrong segment":    {change("D=00300", "C=00300"), "a part of another width"},
		"a bomb":             {bomb, "unpacks to more than may be"},
		"a longer block":     {grown, "a compressed block cannot be read"},
		"a shorter block":    {short, "a compressed block cannot be read"},
		"a block elsewhere":  {moved, "is not where it should be"},
		"many cases":         {change("\x02\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x59\x40", "\x02\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x59\x40"), "at most 10000 are read"},
		"a long extension":   {change("\x63\x00\x00\x00\x01\x00\x00\x00\x09", "\x63\x00\x00\x00\x01\x00\x00\x7f\x09"), "longer than the file"},
		"nothing":            {nil, "ends within"},
		"a negative length":  {change("\x04\x00\x00\x00caf", "\xff\xff\xff\xffcaf"), "negative length"},
		"an odd width":       {change("\x0c\x00\x00\x00\x00\x00\x00\x00", "\x2c\x00\x00\x00\x00\x00\x00\x00"), "longer than its records"},
		"labels of no one":   {change("\x04\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02", "\x05\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02"), "not followed by their variables"},
		"more labels":        {change("\x03\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0", "\x03\x00\x00\x00\x02\x00\x00\x70\x00\x00\x00\x00\x00\x00\xf0"), "fewer value labels"},
		"an unknown packing": {change("$FL2", "$FL3"), "compressed in a way that is not known"},
	} {
		_, err := dump(c.data)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind == fault.Internal || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, compression := range []int32{0, 1} {
		f.Add(byHand(binary.LittleEndian, compression))
		f.Add(byHand(binary.BigEndian, compression))
	}
	zlib := &bytes.Buffer{}
	out := &Output{Rows: 2, Zlib: true, Variables: []OutVariable{{Variable: Variable{Name: "x"}, Number: func(int) (float64, bool) { return 2.5, true }}}}
	if err := Write(zlib, out); err != nil {
		f.Fatal(err)
	}
	f.Add(zlib.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := dump(data)
		var known *fault.Fault
		if err != nil && (!errors.As(err, &known) || known.Kind == fault.Internal) {
			t.Fatalf("not a fault for people: %v", err)
		}
	})
}
