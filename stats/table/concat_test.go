package table

import "testing"

func TestConcatKeepsValuesReasonsAndLevels(t *testing.T) {
	levels := func(codes ...string) []Level {
		var l []Level
		for _, c := range codes {
			l = append(l, Level{Code: c})
		}
		return l
	}
	first := []Column{
		NewCategory("c", levels("a", "b"), []uint32{FirstLevel, uint32(Refused)}),
		NewNumber("n", []float64{1, 0}, []Missing{Present, Blank}),
		NewDate("d", []int32{10, 11}, nil),
		NewTime("t", []int64{0, 60}, []int16{0, 120}, nil),
		NewBool("b", []bool{true, false}, nil),
		NewSet("s", levels("x", "y"), []uint64{3, 0}, nil),
		NewText("x", []byte("hello"), []uint64{0, 2, 5}, nil),
	}
	second := []Column{
		NewCategory("c", levels("b", "z"), []uint32{FirstLevel, FirstLevel + 1}),
		NewNumber("n", []float64{2.5, 3}, nil),
		NewDate("d", []int32{12, 0}, []Missing{Present, DontKnow}),
		NewTime("t", []int64{120, 180}, []int16{0, 0}, nil),
		NewBool("b", []bool{false, true}, nil),
		NewSet("s", levels("y", "w"), []uint64{1, 2}, nil),
		NewText("x", []byte("you"), []uint64{0, 3, 3}, nil),
	}
	want := map[string][4]string{
		"c": {"a", "", "b", "z"}, "n": {"1", "", "2.5", "3"}, "d": {"1970-01-11", "1970-01-12", "1970-01-13", ""},
		"t": {"1970-01-01T00:00:00Z", "1970-01-01T02:01:00+02:00", "1970-01-01T00:02:00Z", "1970-01-01T00:03:00Z"},
		"b": {"true", "false", "false", "true"}, "s": {"x y", "", "y", "w"}, "x": {"he", "llo", "you", ""},
	}
	for i := range first {
		c, err := Concat(first[i], second[i])
		if err != nil {
			t.Fatal(err)
		}
		for row, w := range want[c.Name()] {
			if c.Len() != 4 || c.Text(row) != w {
				t.Errorf("%s row %d: %q, want %q", c.Name(), row, c.Text(row), w)
			}
		}
	}
	c, _ := Concat(first[0], second[0])
	if c.Missing(1) != Refused {
		t.Errorf("the reason became %v", c.Missing(1))
	}
	if _, err := Concat(first[0], second[1]); err == nil {
		t.Error("a category and a number were put together")
	}
}
