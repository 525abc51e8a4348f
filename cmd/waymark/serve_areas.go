package main

import (
	"context"

	"waymark/forms/openrosa"
	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/trust/audit"
	"waymark/web/enumerator"
	"waymark/web/page"
	"waymark/web/programme"
	"waymark/web/review"
	"waymark/web/signin"
)

// areas are the parts of the site, each with what it needs of the others: pages
// do not know the protocol of phones, checks or exports.
func (s *site) areas(h *page.House, sessions *signin.SignIn, stop <-chan struct{}) []page.Area {
	return []page.Area{
		sessions.Area(),
		programme.Area(h),
		enumerator.Area(h, enumerator.Options{
			NewToken: openrosa.NewToken, QR: openrosa.QR,
			Settings: func(base, token, project, code, lang string) (string, error) {
				return openrosa.Settings(base, token, openrosa.Phone{Name: project, Code: code, Lang: lang})
			},
		}),
		review.Area(h, review.Options{Stop: stop, Quality: s.quality}),
	}
}

// quality runs all of waymark check over a round.
func (s *site) quality(ctx context.Context, by audit.Actor, round *collection.Round) (*quality.Report, error) {
	report, err := s.checker.Round(ctx, s.house.db, by, round.ID, 0, quality.Options{})
	if err != nil {
		return nil, err
	}
	return report.Report, nil
}
