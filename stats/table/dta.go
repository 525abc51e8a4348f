package table

import (
	"context"
	"fmt"
	"io"
	"strings"

	"waymark/stats/table/dta"
)

// readDTA reads a file of Stata.
func readDTA(ctx context.Context, src *source, opt Options) (*Result, error) {
	rep := newReport(src.name, opt)
	in, err := dta.Open(src.r, src.size, dta.Limits{
		Columns: rep.limits.Columns, Rows: int64(rep.limits.Rows), CellBytes: rep.limits.CellBytes, RowBytes: statRowBytes(rep.limits),
	})
	if err != nil {
		return nil, placed(err, rep)
	}
	f := &statFile{source: src, rep: rep, program: "Stata", format: "dta", rows: in.Rows, blockRows: in.BlockRows(), offset: in.DataOffset()}
	for i := range in.Variables {
		f.variables = append(f.variables, stataVariable(&in.Variables[i], in.Labels))
	}
	f.scan = func(r io.Reader, do func(statBlock) error) error {
		return in.Scan(r, func(b *dta.Block) error { return do(stataBlock{b}) })
	}
	before := in.Foreign
	f.notes = func() {
		if n := in.Foreign; n > 0 && (in.Version >= 118 || n > before) {
			rep.warn(rep.at(0, 0, ""), "check names with accents; save the file again in Stata 14 or later if they are wrong",
				"some texts are not UTF-8 and were read as Windows-1252")
		}
	}
	return readStat(ctx, f, opt)
}

// statRowBytes bounds a row: as many cells as may be, of a modest width each.
func statRowBytes(l Limits) int64 { return min(int64(l.Columns)*4096, 64<<20) }

type stataBlock struct{ *dta.Block }

func (b stataBlock) rows() int                              { return b.Rows }
func (b stataBlock) text(variable, row int) ([]byte, error) { return b.Text(variable, row) }

func stataVariable(in *dta.Variable, sets map[string][]dta.Label) statVariable {
	v := statVariable{
		name: in.Name, label: in.Label, text: !in.Type.Numeric(), markName: dta.MarkName,
		stored: fmt.Sprintf("%s with the format %s", in.Type, in.Format), own: map[string]string{},
	}
	if in.Type == dta.Str {
		v.stored = fmt.Sprintf("str%d", in.Width)
	}
	if !v.text {
		v.clock = stataClock(in.Format)
	}
	for _, l := range sets[in.LabelSet] {
		if l.Mark == 0 {
			v.labels = append(v.labels, statLabel{float64(l.Value), l.Text})
			continue
		}
		if v.marks == nil {
			v.marks = map[uint8]string{}
		}
		v.marks[l.Mark] = l.Text
	}
	for name, text := range in.Characteristics {
		if own, ok := strings.CutPrefix(name, ownPrefix); ok {
			v.own[own] = text
		}
	}
	v.settle()
	return v
}

// stataClock reads a format such as %td, %tcDD/NN/CCYY, %-tm or the old %d.
// Years (%ty) and business calendars (%tb) stay numbers.
func stataClock(format string) statClock {
	f := strings.TrimPrefix(strings.TrimPrefix(format, "%"), "-")
	if strings.HasPrefix(f, "d") {
		return clockDay
	}
	if len(f) < 2 || f[0] != 't' {
		return clockNone
	}
	switch f[1] {
	case 'd':
		return clockDay
	case 'c':
		return clockMillis
	case 'C':
		return clockLeap
	case 'w':
		return clockWeek
	case 'm':
		return clockMonth
	case 'q':
		return clockQuarter
	case 'h':
		return clockHalf
	}
	return clockNone
}
