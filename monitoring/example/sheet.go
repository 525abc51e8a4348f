package example

import (
	"slices"
	"strconv"

	"waymark/stats/table"
)

// note stands in every row, so that no part of the file passes for real.
const note = "synthetic example record"

// text collects a text column.
type text struct {
	data    []byte
	offsets []uint64
}

// end closes a row's text.
func (t *text) end() {
	if len(t.offsets) == 0 {
		t.offsets = append(t.offsets, 0)
	}
	t.offsets = append(t.offsets, uint64(len(t.data)))
}

func (t *text) column(name string) *table.TextColumn {
	return table.NewText(name, t.data, t.offsets, nil)
}

// sheet collects people as columns.
type sheet struct {
	code                                     [questions][]uint8
	start, end, sent                         []int64
	offset, utc                              []int16
	today, departed                          []int32
	departedOut, setOut, ageOut              []table.Missing
	age                                      []float64
	set                                      []uint64
	device, enumerator, location, note, uuid text
}

// grow makes room for n more people.
func (s *sheet) grow(n, words int) {
	for q := range s.code {
		s.code[q] = slices.Grow(s.code[q], n)
	}
	for _, c := range []*[]int64{&s.start, &s.end, &s.sent} {
		*c = slices.Grow(*c, n)
	}
	s.offset, s.utc = slices.Grow(s.offset, n), slices.Grow(s.utc, n)
	s.today, s.departed = slices.Grow(s.today, n), slices.Grow(s.departed, n)
	for _, c := range []*[]table.Missing{&s.departedOut, &s.setOut, &s.ageOut} {
		*c = slices.Grow(*c, n)
	}
	s.age, s.set = slices.Grow(s.age, n), slices.Grow(s.set, n*words)
	// The width of each text, in bytes.
	for t, width := range map[*text]int{&s.device: 13, &s.enumerator: 4, &s.location: 16, &s.note: len(note), &s.uuid: 36} {
		t.data, t.offsets = slices.Grow(t.data, n*width), slices.Grow(t.offsets, n+1)
	}
}

func (s *sheet) add(ps []person, words int) {
	for i := range ps {
		p := &ps[i]
		for q := range s.code {
			s.code[q] = append(s.code[q], p.code[q])
		}
		s.start = append(s.start, p.start)
		s.end = append(s.end, p.start+int64(p.seconds))
		s.sent = append(s.sent, p.sent)
		s.offset, s.utc = append(s.offset, p.offset), append(s.utc, 0)
		s.today = append(s.today, int32(p.day))

		why := func(out bool, reason table.Missing) table.Missing {
			switch {
			case !out:
				return table.Present
			case p.ended == complete || reason == table.Blank && p.ageOut:
				return table.Blank
			}
			return table.NotAsked
		}
		s.departed = append(s.departed, int32(p.day-max(0, p.gone)))
		s.departedOut = append(s.departedOut, why(p.gone < 0, table.NotAsked))
		s.age = append(s.age, float64(p.age))
		s.ageOut = append(s.ageOut, why(p.age < 0, table.Blank))
		s.set = append(s.set, p.set[:words]...)
		s.setOut = append(s.setOut, why(p.setOut, table.NotAsked))

		s.device.data = appendNumber(append(s.device.data, "synthetic-"...), p.enumerator)
		s.device.end()
		s.enumerator.data = appendNumber(append(s.enumerator.data, 'E'), p.enumerator)
		s.enumerator.end()
		s.location.data = appendHundredths(s.location.data, p.north)
		s.location.data = appendHundredths(append(s.location.data, ' '), p.east)
		s.location.data = append(s.location.data, " 0 0"...)
		s.location.end()
		s.note.data = append(s.note.data, note...)
		s.note.end()
		s.uuid.data = appendUUID(s.uuid.data, p.uuid)
		s.uuid.end()
	}
}

// appendNumber writes an enumerator's number with two places or more.
func appendNumber(dst []byte, n int) []byte {
	if n < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

// appendUUID writes 128 bits in the groups 8-4-4-4-12.
func appendUUID(dst []byte, bits [2]uint64) []byte {
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			dst = append(dst, '-')
		}
		dst = append(dst, "0123456789abcdef"[bits[i/16]>>(60-4*(i%16))&15])
	}
	return dst
}

// appendHundredths writes a number of hundredths as a decimal with two places.
func appendHundredths(dst []byte, n int) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = append(strconv.AppendInt(dst, int64(n/100), 10), '.')
	return append(dst, byte('0'+n/10%10), byte('0'+n%10))
}

// table makes the columns, in the order of the questionnaire, with the two
// that a data server adds.
func (s *sheet) table(book *codebook) (*table.Table, error) {
	category := func(q question) table.Column {
		c := table.NewCategory8(coded[q].name, book.levels[coded[q].list], s.code[q])
		c.Ordered = book.ordered[coded[q].list]
		return c
	}
	columns := []table.Column{
		table.NewTime("start", s.start, s.offset, nil),
		table.NewTime("end", s.end, s.offset, nil),
		table.NewDate("today", s.today, nil),
		s.device.column("deviceid"),
		table.NewDate("interview_date", s.today, nil),
		s.enumerator.column("enumerator"),
		category(qPoint),
		s.location.column("point_location"),
		category(qRoute), category(qPrevious), category(qConsent),
		table.NewNumber("age", s.age, s.ageOut),
	}
	for q := qSex; q <= qTravelling; q++ {
		columns = append(columns, category(q))
	}
	columns = append(columns, table.NewDate("departure_date", s.departed, s.departedOut),
		table.NewSet("transit_countries", book.levels["country"], s.set, s.setOut))
	for q := qTransitTime; q < questions; q++ {
		columns = append(columns, category(q))
	}
	columns = append(columns, s.note.column("enumerator_note"), s.uuid.column("_uuid"),
		table.NewTime("_submission_time", s.sent, s.utc, nil))
	return table.New(columns...)
}
