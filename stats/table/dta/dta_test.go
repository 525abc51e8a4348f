package dta

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

var limits = Limits{Columns: 100, Rows: 10_000, CellBytes: 4 << 10, RowBytes: 1 << 16}

// dump opens a file and writes out all that it holds.
func dump(data []byte) (string, error) {
	f, err := Open(bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d %q %d rows\n", f.Version, f.Label, f.Rows)
	for _, v := range f.Variables {
		fmt.Fprintf(&b, "%s %s %s %q %s\n", v.Name, v.Type, v.Format, v.Label, v.Characteristics["note1"])
		for _, l := range f.Labels[v.LabelSet] {
			if l.Mark > 0 {
				fmt.Fprintf(&b, "  %s %s\n", MarkName(l.Mark), l.Text)
			} else {
				fmt.Fprintf(&b, "  %d %s\n", l.Value, l.Text)
			}
		}
	}
	numbers, marks := make([]float64, f.BlockRows()), make([]uint8, f.BlockRows())
	err = f.Scan(io.NewSectionReader(bytes.NewReader(data), f.DataOffset(), int64(len(data))), func(block *Block) error {
		for i, v := range f.Variables {
			if v.Type.Numeric() {
				block.Numbers(i, numbers, marks)
			}
			for row := range block.Rows {
				if !v.Type.Numeric() {
					text, err := block.Text(i, row)
					if err != nil {
						return err
					}
					fmt.Fprintf(&b, "%q ", text)
				} else if marks[row] == NotANumber {
					b.WriteString("? ")
				} else if marks[row] > 0 {
					b.WriteString(MarkName(marks[row]) + " ")
				} else {
					fmt.Fprintf(&b, "%v ", numbers[row])
				}
			}
			b.WriteByte('\n')
		}
		return nil
	})
	return b.String(), err
}

const want = `%d "Synthetic" 3 rows
a byte %%9.0g "A" told
  -127 low
  100 high
  . nothing
  .z last
b int %%9.0g "" 
c long %%9.0g "" 
d float %%9.0g "" 
e double %%9.0g "" 
s str %%9s "" 
t strL %%9s "" 
-127 100 .z 
-32767 32740 .a 
-2.147483647e+09 2.14748362e+09 .y 
-1.5 .b ? 
1e+300 . .c 
"abcd" "" "é" 
"" "long" "" 
`

// byHand builds a file as the description of the formats says, without the
// writer here.
func byHand(order binary.AppendByteOrder, version int) []byte {
	l := layouts[version]
	var b []byte
	number := func(v uint64, n int) {
		full := order.AppendUint64(nil, v)
		if order.String() == "LittleEndian" {
			b = append(b, full[:n]...)
		} else {
			b = append(b, full[8-n:]...)
		}
	}
	fixed := func(text string, n int) { b = append(b, append([]byte(text), make([]byte, n-len(text))...)...) }
	tag := func(s string) { b = append(b, s...) }
	names := []string{"a", "b", "c", "d", "e", "s", "t"}
	types := []uint64{65530, 65529, 65528, 65527, 65526, 4, 32768}
	name := "LSF"
	if order.String() == "BigEndian" {
		name = "MSF"
	}
	tag(fmt.Sprintf("<stata_dta><header><release>%d</release><byteorder>%s</byteorder><K>", version, name))
	number(7, l.variables)
	tag("</K><N>")
	number(3, l.rows)
	tag("</N><label>")
	number(9, l.labelLen)
	tag("Synthetic</label><timestamp>\x00</timestamp></header><map>")
	fixed("", 14*8)
	tag("</map><variable_types>")
	for _, t := range types {
		number(t, 2)
	}
	tag("</variable_types><varnames>")
	for _, n := range names {
		fixed(n, l.name)
	}
	tag("</varnames><sortlist>")
	fixed("", 8*l.sort)
	tag("</sortlist><formats>")
	for i := range names {
		format := "%9.0g"
		if i > 4 {
			format = "%9s"
		}
		fixed(format, l.format)
	}
	tag("</formats><value_label_names>")
	fixed("set", l.name)
	fixed("", 6*l.name)
	tag("</value_label_names><variable_labels>")
	fixed("A", l.label)
	fixed("", 6*l.label)
	tag("</variable_labels><characteristics><ch>")
	number(uint64(2*l.name+5), 4)
	fixed("a", l.name)
	fixed("note1", l.name)
	tag("told\x00</ch></characteristics><data>")
	e := "\xe9\x00\x00\x00" // Windows-1252
	if version >= 118 {
		e = "é\x00\x00"
	}
	for row, text := range []string{"abcd", "\x00\x00\x00\x00", e} {
		number([]uint64{0x81, 100, 127}[row], 1)
		number([]uint64{0x8001, 32740, 32742}[row], 2)
		number([]uint64{0x80000001, 2147483620, 2147483646}[row], 4)
		number([]uint64{uint64(math.Float32bits(-1.5)), 0x7f001000, 0x7fc00000}[row], 4)
		number([]uint64{math.Float64bits(1e300), 0x7fe0000000000000, 0x7fe0030000000000}[row], 8)
		tag(text)
		refer, at := uint64(0), uint64(0)
		if row == 1 {
			refer, at = 7, 2
		}
		number(refer, l.referV)
		number(at, 8-l.referV)
	}
	tag("</data><strls>GSO")
	number(7, 4)
	number(2, l.objectO)
	b = append(b, 130)
	number(5, 4)
	tag("long\x00</strls><value_labels><lbl>")
	texts := "low\x00high\x00nothing\x00last\x00"
	number(uint64(8+8*4+len(texts)), 4)
	fixed("set", l.name+3)
	number(4, 4)
	number(uint64(len(texts)), 4)
	for _, v := range []uint64{0, 4, 9, 17, 0xffffff81, 100, 2147483621, 2147483647} {
		number(v, 4)
	}
	tag(texts + "</lbl></value_labels></stata_dta>")
	return b
}

func TestByteOrders(t *testing.T) {
	for _, version := range []int{117, 118, 119} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			got, err := dump(byHand(order, version))
			if expected := fmt.Sprintf(want, version); err != nil || got != expected {
				t.Errorf("%d, %s: %v\n%s\nexpected\n%s", version, order, err, got, expected)
			}
		}
	}
}

// oldByHand builds a file of format 114 with its most significant byte first.
func oldByHand() []byte {
	be := binary.BigEndian
	b := []byte{114, 1, 1, 0, 0, 2, 0, 0, 0, 2}
	fixed := func(text string, n int) { b = append(b, append([]byte(text), make([]byte, n-len(text))...)...) }
	fixed("Synthetic", 81)
	fixed("01 Jan 2020 00:00", 18)
	b = append(b, 252, 3) // int, str3
	fixed("a", 33)
	fixed("s", 33)
	fixed("", 6)
	fixed("%9.0g", 49)
	fixed("%9s", 49)
	fixed("set", 33)
	fixed("", 33)
	fixed("A", 81)
	fixed("", 81)
	b = append(b, 1, 0, 0, 0, 3, 'x', 'y', 'z', 0, 0, 0, 0, 0)
	b = append(be.AppendUint16(b, 300), "\xe9\x00\x00"...)
	b = append(be.AppendUint16(b, 32766), "abc"...)
	b = be.AppendUint32(b, 8+8+3)
	fixed("set", 36)
	for _, v := range []uint32{1, 3, 0, 300} {
		b = be.AppendUint32(b, v)
	}
	return append(b, "hi\x00"...)
}

func TestOldFormat(t *testing.T) {
	const expected = "114 \"Synthetic\" 2 rows\na int %9.0g \"A\" \n  300 hi\ns str %9s \"\" \n300 .y \n\"é\" \"abc\" \n"
	if got, err := dump(oldByHand()); err != nil || got != expected {
		t.Errorf("%v\n%s\nexpected\n%s", err, got, expected)
	}
}

func TestRefused(t *testing.T) {
	good := byHand(binary.LittleEndian, 118)
	change := func(from, to string) []byte { return bytes.Replace(bytes.Clone(good), []byte(from), []byte(to), 1) }
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"a later format":       {change("<release>118", "<release>121"), "format 121, which is not read"},
		"an older format":      {append([]byte{110, 2, 1, 0}, make([]byte, 200)...), "format 110, which is not read"},
		"no byte order":        {change("LSF", "XSF"), "neither LSF nor MSF"},
		"no variable":          {change("<K>\x07", "<K>\x00"), "no variable"},
		"many variables":       {change("<K>\x07\x00", "<K>\x07\x70"), "at most 100 are read"},
		"many rows":            {change("<N>\x03\x00\x00", "<N>\x03\x00\x40"), "at most 10000 are read"},
		"more rows than bytes": {change("<N>\x03\x00", "<N>\x03\x10"), "ends before the last"},
		"a type that is none":  {change("\xfa\xff", "\x00\xf0"), "which does not exist"},
		"no strL":              {change("GSO\x07", "GSO\x06"), "a long text is not there"},
		"overlapping labels":   {change("\x00\x00\x00\x00\x04\x00\x00\x00\x09\x00\x00\x00\x11\x00\x00\x00\x81", strings.Repeat("\x09\x00\x00\x00", 4)+"\x81"), "overlap"},
		"a label without text": {change("\x11\x00\x00\x00\x81", "\xff\x00\x00\x00\x81"), "a value label has no text"},
		"nothing":              {nil, "ends within"},
		"long text":            {change("\x05\x00\x00\x00long\x00", "\x01\x20\x00\x00"+strings.Repeat("x", 0x2001)), "a text is too long"},
	} {
		_, err := dump(c.data)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind == fault.Internal || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(byHand(binary.LittleEndian, 117))
	f.Add(byHand(binary.BigEndian, 118))
	f.Add(byHand(binary.LittleEndian, 119))
	f.Add(oldByHand())
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := dump(data)
		var known *fault.Fault
		if err != nil && (!errors.As(err, &known) || known.Kind == fault.Internal) {
			t.Fatalf("not a fault for people: %v", err)
		}
	})
}
