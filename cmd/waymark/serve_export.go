package main

import (
	"cmp"
	"context"
	"slices"

	"waymark/monitoring/collection/export"
	"waymark/monitoring/instrument"
	"waymark/trust/audit"
	"waymark/web/review"
)

// export writes a round's answers for the person who asked for them.
func (s *site) export(ctx context.Context, by audit.Actor, e review.Export) error {
	opt := export.Options{Format: export.Format(e.Format), Pseudonymous: e.Pseudonymous, Token: s.house.db.Digest}
	if e.Labels {
		opt.Labels = cmp.Or(e.Language, "default")
	}
	// A name from the database never becomes a path.
	if slices.Contains(instrument.Builtin(), e.Round.Instrument) {
		in, err := instrument.Load(e.Round.Instrument)
		if err != nil {
			return err
		}
		opt.Instrument = in
	}
	made, err := export.Prepare(ctx, s.house.db, by, e.Filter, opt)
	if err != nil {
		return err
	}
	ending, mediaType := ".csv", "text/csv; charset=utf-8"
	switch {
	case made.Zipped():
		ending, mediaType = ".zip", "application/zip"
	case e.Format == "dta", e.Format == "sav":
		ending, mediaType = "."+e.Format, "application/octet-stream"
	case e.Format == "xlsx":
		ending, mediaType = ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	_, err = made.Write(ctx, e.Start(ending, mediaType))
	return err
}
