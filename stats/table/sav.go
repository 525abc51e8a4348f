package table

import (
	"context"
	"fmt"
	"io"
	"strings"

	"waymark/stats/table/sav"
)

// readSAV reads a file of SPSS.
func readSAV(ctx context.Context, src *source, opt Options) (*Result, error) {
	rep := newReport(src.name, opt)
	in, err := sav.Open(src.r, src.size, sav.Limits{
		Columns: rep.limits.Columns, Rows: int64(rep.limits.Rows), CaseBytes: statRowBytes(rep.limits),
		Unpacked: rep.limits.UnpackedBytes, Ratio: 1_100, // zlib packs a run of one byte by 1,032
	})
	if err != nil {
		return nil, placed(err, rep)
	}
	f := &statFile{source: src, rep: rep, program: "SPSS", format: "sav", rows: in.Rows, blockRows: in.BlockRows(), offset: in.DataOffset()}
	if in.Packing() == "zlib" {
		f.format = "zsav"
	}
	for i := range in.Variables {
		f.variables = append(f.variables, spssVariable(&in.Variables[i]))
	}
	f.scan = func(r io.Reader, do func(statBlock) error) error {
		return in.Scan(r, func(b *sav.Block) error { return do(spssBlock{b}) })
	}
	f.notes = func() { noteSPSS(rep, in) }
	return readStat(ctx, f, opt)
}

// noteSPSS says what the file has beside its columns.
func noteSPSS(rep *report, in *sav.File) {
	at := rep.at(0, 0, "")
	if in.Weight != "" {
		at.Field = in.Weight
		rep.warn(at, "name it as the weight of the analysis if it is one", "the file weights its cases by this variable")
	}
	for _, s := range in.Sets {
		at.Field = s.Name
		what := "the file joins variables in a multiple response set"
		if s.Label != "" {
			what += " " + quoted(s.Label)
		}
		rep.warn(at, "the variables were read one by one", "%s: %s", what, strings.Join(s.Variables[:min(len(s.Variables), 12)], ", "))
	}
	at.Field = ""
	if in.Foreign > 0 {
		rep.warn(at, "check texts with accents", "some texts are not %s, which the file says that it is written in", in.Encoding)
	}
}

type spssBlock struct{ *sav.Block }

func (b spssBlock) rows() int                              { return b.Rows }
func (b spssBlock) text(variable, row int) ([]byte, error) { return b.Text(variable, row), nil }

func spssVariable(in *sav.Variable) statVariable {
	v := statVariable{
		name: in.Name, label: in.Label, text: in.Width > 0, ordered: in.Measured && in.Measure == 2,
		stored: "a number with the format " + in.Format.String(), own: map[string]string{},
	}
	if v.text {
		v.stored = fmt.Sprintf("a string of %d bytes", in.Width)
	} else {
		v.clock = spssClock(in.Format.Type)
	}
	for _, l := range in.Labels {
		if !v.text {
			v.labels = append(v.labels, statLabel{l.Number, l.Text})
			continue
		}
		if v.words == nil {
			v.words = map[string]string{}
		}
		v.words[l.Value] = l.Text
	}
	missing := &in.Missing
	if missing.Any() && !v.text {
		v.declared = missing.Has
	}
	if len(missing.Texts) > 0 {
		v.absent = map[string]bool{}
		for _, text := range missing.Texts {
			v.absent[text] = true
		}
	}
	for name, values := range in.Attributes {
		if own, ok := strings.CutPrefix(name, ownPrefix); ok && len(values) > 0 {
			v.own[own] = values[0]
		}
	}
	v.settle()
	return v
}

// spssClock says what a format counts. Times of day and durations, months and
// weekdays without a year stay numbers.
func spssClock(format uint8) statClock {
	switch format {
	case sav.FormatDate, sav.FormatADate, sav.FormatJDate, sav.FormatMOYR, sav.FormatQYR, sav.FormatWKYR, sav.FormatEDate, sav.FormatSDate:
		return clockSPSSDay
	case sav.FormatDateTime, sav.FormatYMDHMS:
		return clockSPSSTime
	}
	return clockNone
}

// This does not compile unless both codecs mark what is no number alike.
var _ = [1]struct{}{}[sav.NotANumber-statOdd]
