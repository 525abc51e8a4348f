package example

import (
	"fmt"
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

func (t *text) end() { t.offsets = append(t.offsets, uint64(len(t.data))) }

func (t *text) column(name string) *table.TextColumn {
	return table.NewText(name, t.data, append([]uint64{0}, t.offsets...), nil)
}

// sheet collects people as columns.
type sheet struct {
	code                                          [questions][]uint8
	start, end, sent                              []int64
	offset, utc                                   []int16
	today, departed                               []int32
	departedOut, setOut, ageOut                   []table.Missing
	age                                           []float64
	set                                           []uint64
	device, enumerator, location, note, uuid, key text
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

		s.device.data = fmt.Appendf(s.device.data, "synthetic-%02d", p.enumerator)
		s.device.end()
		s.enumerator.data = fmt.Appendf(s.enumerator.data, "E%02d", p.enumerator)
		s.enumerator.end()
		s.location.data = appendHundredths(s.location.data, p.north)
		s.location.data = appendHundredths(append(s.location.data, ' '), p.east)
		s.location.data = append(s.location.data, " 0 0"...)
		s.location.end()
		s.note.data = append(s.note.data, note...)
		s.note.end()
		hi, lo := p.uuid[0], p.uuid[1]
		s.uuid.data = fmt.Appendf(s.uuid.data, "%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&0xffffffffffff)
		s.uuid.end()
	}
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
