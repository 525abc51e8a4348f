package main

import (
	"context"
	"time"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/sealed"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/trust/audit"
	auditpages "waymark/web/audit"
	"waymark/web/enumerator"
	"waymark/web/fill"
	"waymark/web/form"
	"waymark/web/page"
	"waymark/web/people"
	"waymark/web/programme"
	"waymark/web/retention"
	"waymark/web/review"
	"waymark/web/signin"
	"waymark/web/system"
)

// areas are the parts of the site, each with what it needs of the others: pages
// do not know the protocol of phones, checks or exports.
func (s *site) areas(h *page.House, sessions *signin.SignIn, stop <-chan struct{}) ([]page.Area, error) {
	referral, err := s.referralAreas(h, stop)
	return append([]page.Area{
		sessions.Area(),
		people.Area(h, s.accounts),
		programme.Area(h),
		enumerator.Area(h, enumerator.Options{
			NewToken: openrosa.NewToken, QR: openrosa.QR, Browser: fill.Link,
			Settings: func(base, token, project, code, lang string) (string, error) {
				return openrosa.Settings(base, token, openrosa.Phone{Name: project, Code: code, Lang: lang})
			},
		}),
		form.Area(h, form.Options{
			NewToken: openrosa.NewToken, QR: openrosa.QR, Browser: fill.TestLink,
			Settings: func(base, token, project string) (string, error) {
				return openrosa.Settings(base, token, openrosa.Phone{Name: project, Draft: true})
			},
			NewKey: func() (string, []byte, error) {
				pair, err := sealed.NewKeyPair()
				if err != nil {
					return "", nil, err
				}
				return pair.Public, pair.Private, nil
			},
		}),
		retention.Area(h, retention.Options{Start: func(ctx context.Context, _ audit.Actor, _ ids.ID) error {
			return s.jobs.Ask(ctx, deleteJob)
		}}),
		auditpages.Area(h, s.house.audit),
		system.Area(h, &systemSource{site: s, started: time.Now()}),
		fill.Area(h),
		review.Area(h, review.Options{Stop: stop, Quality: s.quality, Export: s.export}),
	}, referral...), err
}

// quality runs all of waymark check over a round.
func (s *site) quality(ctx context.Context, by audit.Actor, round *collection.Round) (*quality.Report, error) {
	report, err := s.checker.Round(ctx, s.house.db, by, round.ID, 0, quality.Options{})
	if err != nil {
		return nil, err
	}
	return report.Report, nil
}
