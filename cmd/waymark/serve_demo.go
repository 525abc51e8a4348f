package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/demo"
	"waymark/monitoring/collection/draft"
	referraldemo "waymark/referral/demo"
	"waymark/referral/rule"
	"waymark/trust/audit"
)

const (
	demoProgramme = "Example programme (synthetic)"
	demoRound     = "Example round, December 2015 to September 2016 (synthetic)"
	demoSize      = 8475
	demoSeed      = 2016
	demoReviewed  = 140 // submissions that somebody has decided about
)

var demoBy = audit.Actor{Kind: audit.System, Via: "command"}

// openDemo makes the programme of the demonstration if it is not there, and the
// account that looks at it.
func (s *site) openDemo(ctx context.Context) (tour ids.ID, err error) {
	p, err := s.demoProgramme(ctx)
	if err != nil {
		return 0, err
	}
	if err := s.demoNetwork(ctx, p.ID); err != nil {
		return 0, err
	}
	a, err := s.accounts.OpenTour(ctx, p.ID)
	if err != nil {
		return 0, err
	}
	return a.ID, nil
}

// demoNetwork makes the example network if it is not there, and a link for trying the
// pages of frontline workers.
func (s *site) demoNetwork(ctx context.Context, programme ids.ID) error {
	uk, err := rule.Builtin()
	if err != nil {
		return err
	}
	digest, err := s.tokenDigest()
	if err != nil {
		return err
	}
	o := referraldemo.Options{Store: s.house.db.Referral(), Rules: uk["uk"], Network: programme, By: demoBy, Now: time.Now(), Digest: digest}
	if err := referraldemo.Fill(ctx, o); err != nil {
		return err
	}
	s.demoToken, err = referraldemo.NewLink(ctx, o)
	return err
}

func (s *site) demoProgramme(ctx context.Context) (*collection.Programme, error) {
	all, err := s.house.db.ListProgrammes(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.Demo {
			return p, nil
		}
	}
	p := &collection.Programme{Name: demoProgramme, Demo: true, Created: time.Now(),
		About: "Made-up interviews with people who do not exist, to look around in. The figures published in October 2016 come out of them."}
	return p, s.house.db.PutProgramme(ctx, demoBy, p)
}

// loadDemo stores the example round. It can be cut off and run again: what is
// there is not stored twice.
func (s *site) loadDemo(ctx context.Context) error {
	p, err := s.demoProgramme(ctx)
	if err != nil {
		return err
	}
	db := s.house.db
	rounds, err := db.ListRounds(ctx, p.ID)
	if err != nil {
		return err
	}
	var r *collection.Round
	if len(rounds) > 0 {
		r = rounds[0]
	} else {
		r = &collection.Round{Programme: p.ID, Name: demoRound, Instrument: demo.Instrument, From: "2015-12-01", To: "2016-09-30",
			State: collection.Open, Created: time.Now(),
			Routes: []collection.Route{{Code: "EMR", Name: "Eastern Mediterranean"}, {Code: "CMR", Name: "Central Mediterranean"}}}
		if err := db.PutRound(ctx, demoBy, r); err != nil {
			return err
		}
	}
	form, version, err := s.demoForm(ctx, r)
	if err != nil {
		return err
	}
	begun := time.Now()
	l := &demoLoad{site: s, round: r, form: form, version: version, points: map[string]*collection.Point{}, people: map[string]ids.ID{}}
	if err := l.known(ctx); err != nil {
		return err
	}
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(32) // they share the commits
	n := 0
	err = demo.Interviews(demoSize, demoSeed, true, func(i *demo.Interview) error {
		if err := l.place(inner, i); err != nil {
			return err
		}
		n++
		one := *i
		g.Go(func() error { return l.arrive(inner, &one) })
		return inner.Err()
	})
	if waited := g.Wait(); waited != nil {
		err = waited
	}
	if err != nil {
		return err
	}
	if err := l.targets(ctx); err != nil {
		return err
	}
	if err := demo.Review(ctx, db, demoBy, r.ID, demoReviewed); err != nil {
		return err
	}
	s.log.Info("the demonstration is loaded", "interviews", n, "took", time.Since(begun).Round(time.Millisecond).String())
	s.arrived(0, 0)
	return nil
}

// demoForm is the built-in questionnaire, published.
func (s *site) demoForm(ctx context.Context, r *collection.Round) (*collection.Form, ids.ID, error) {
	forms, err := s.house.db.ListForms(ctx, r.ID)
	if err != nil {
		return nil, 0, err
	}
	if len(forms) > 0 && forms[0].Current != 0 {
		return forms[0], forms[0].Current, nil
	}
	d, err := draft.Builtin(demo.Instrument, draft.Options{Now: time.Now()})
	if err != nil {
		return nil, 0, err
	}
	var f *collection.Form
	if len(forms) > 0 {
		f = forms[0]
	} else {
		f = &collection.Form{Round: r.ID, FormID: d.FormID, Title: d.Title, State: collection.FormDraft, Created: time.Now()}
		if err := s.house.db.PutForm(ctx, demoBy, f); err != nil {
			return nil, 0, err
		}
	}
	v := d.Version
	v.Form, v.Created = f.ID, time.Now()
	if err := s.house.db.PutDraft(ctx, demoBy, v, f.Draft); err != nil {
		return nil, 0, err
	}
	v, err = s.house.db.Publish(ctx, demoBy, f.ID, v.ID, time.Now())
	if err != nil {
		return nil, 0, err
	}
	return f, v.ID, nil
}

// demoLoad is what a load has made so far.
type demoLoad struct {
	site    *site
	round   *collection.Round
	form    *collection.Form
	version ids.ID
	mu      sync.Mutex
	points  map[string]*collection.Point
	people  map[string]ids.ID
	counts  map[string]int
}

// known reads what an earlier load made.
func (l *demoLoad) known(ctx context.Context) error {
	l.counts = map[string]int{}
	points, err := l.site.house.db.ListPoints(ctx, l.round.ID)
	if err != nil {
		return err
	}
	for _, p := range points {
		l.points[p.Code] = p
	}
	people, err := l.site.house.db.ListEnumerators(ctx, l.round.ID)
	if err != nil {
		return err
	}
	for _, e := range people {
		l.people[e.Code] = e.ID
	}
	return nil
}

var demoLocation = regexp.MustCompile(`<point_location>(-?[0-9.]+) (-?[0-9.]+)`)

// place makes the point and the enumerator of an interview if they are new.
func (l *demoLoad) place(ctx context.Context, i *demo.Interview) error {
	db := l.site.house.db
	l.counts[i.Point]++
	if _, ok := l.points[i.Point]; !ok && i.Point != "" {
		p := &collection.Point{Round: l.round.ID, Code: i.Point, Name: fmt.Sprintf("Point %s (synthetic)", i.Point), Route: i.Route}
		if at := demoLocation.FindSubmatch(i.XML); at != nil {
			lat, _ := strconv.ParseFloat(string(at[1]), 64) // the pattern lets only numbers through
			lon, _ := strconv.ParseFloat(string(at[2]), 64)
			p.Lat, p.Lon = &lat, &lon
		}
		if err := db.PutPoint(ctx, demoBy, p); err != nil {
			return err
		}
		l.points[i.Point] = p
	}
	if _, ok := l.people[i.Enumerator]; !ok && i.Enumerator != "" {
		e := &collection.FieldEnumerator{Round: l.round.ID, Code: i.Enumerator, Name: "Synthetic enumerator " + i.Enumerator, Created: time.Now()}
		if err := db.PutEnumerator(ctx, demoBy, e, nil); err != nil {
			return err
		}
		l.mu.Lock()
		l.people[i.Enumerator] = e.ID
		l.mu.Unlock()
	}
	return nil
}

// arrive stores one interview as if a phone had sent it.
func (l *demoLoad) arrive(ctx context.Context, i *demo.Interview) error {
	l.mu.Lock()
	who := l.people[i.Enumerator]
	l.mu.Unlock()
	_, err := l.site.house.db.Arrive(ctx, demoBy, &collection.Arrival{
		Form: l.form.ID, Version: l.version, Round: l.round.ID, InstanceID: i.InstanceID, XML: i.XML,
		Enumerator: who, At: i.Sent, Point: i.Point, Route: i.Route, Day: i.Day,
	})
	return err
}

// targets asks for a tenth more than there is, in two periods.
func (l *demoLoad) targets(ctx context.Context) error {
	periods := []*collection.Period{
		{ID: ids.New(), Round: l.round.ID, Name: "Winter and spring", From: "2015-12-01", To: "2016-05-31"},
		{ID: ids.New(), Round: l.round.ID, Name: "Summer", From: "2016-06-01", To: "2016-09-30"},
	}
	var targets []collection.Target
	for code, p := range l.points {
		for _, period := range periods {
			targets = append(targets, collection.Target{Point: p.ID, Period: period.ID, Count: (l.counts[code]*11/20 + 9) / 10 * 10})
		}
	}
	had, err := l.site.house.db.ListTargets(ctx, l.round.ID)
	if err != nil || len(had) > 0 {
		return err
	}
	r, err := l.site.house.db.Round(ctx, l.round.ID)
	if err != nil {
		return err
	}
	return l.site.house.db.SetTargets(ctx, demoBy, l.round.ID, r.Etag, periods, targets)
}
