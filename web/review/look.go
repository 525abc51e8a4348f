package review

import (
	"context"
	"errors"
	"sync"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/vault"
	"waymark/web/page"
)

// looked is what the pages of a round show by name. It changes seldom, and every
// page needs it, so it is kept for lookLife.
type looked struct {
	points      []*collection.Point
	enumerators []*collection.FieldEnumerator
	forms       []*collection.Form
	versions    []*collection.Version
	at          time.Time

	pointByCode  map[string]*collection.Point
	enumerator   map[ids.ID]*collection.FieldEnumerator
	versionByID  map[ids.ID]*collection.Version
	formByID     map[ids.ID]*collection.Form
	routeByCode  map[string]string
	severalForms bool
}

// lookLife is how long a change of a point's or a person's name may take to be
// seen in lists. Nobody is let in or kept out by what is looked up here.
const lookLife = 10 * time.Second

// looks keeps what was looked up, for at most maxLooks rounds.
type looks struct {
	house *page.House
	mu    sync.Mutex
	by    map[ids.ID]*looked
}

const maxLooks = 64

func newLooks(h *page.House) *looks { return &looks{house: h, by: map[ids.ID]*looked{}} }

// of returns what a round's pages show by name.
func (l *looks) of(ctx context.Context, round *collection.Round) (*looked, error) {
	now := l.house.Now()
	l.mu.Lock()
	known := l.by[round.ID]
	l.mu.Unlock()
	if known != nil && now.Sub(known.at) < lookLife && !now.Before(known.at) {
		return known, nil
	}
	fresh, err := l.look(ctx, round)
	if err != nil {
		return nil, err
	}
	fresh.at = now
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.by) >= maxLooks {
		clear(l.by)
	}
	l.by[round.ID] = fresh
	return fresh, nil
}

func (l *looks) look(ctx context.Context, round *collection.Round) (*looked, error) {
	store := l.house.Collection
	k := &looked{pointByCode: map[string]*collection.Point{}, enumerator: map[ids.ID]*collection.FieldEnumerator{},
		versionByID: map[ids.ID]*collection.Version{}, formByID: map[ids.ID]*collection.Form{}, routeByCode: map[string]string{}}
	var err error
	if k.points, err = store.ListPoints(ctx, round.ID); err != nil {
		return nil, err
	}
	// Without the round's keys nobody's name can be read; the rest can.
	if k.enumerators, err = store.ListEnumerators(ctx, round.ID); err != nil && !errors.Is(err, vault.ErrNoKey) {
		return nil, err
	}
	if k.forms, err = store.ListForms(ctx, round.ID); err != nil {
		return nil, err
	}
	for _, f := range k.forms {
		versions, err := store.ListVersions(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		k.formByID[f.ID] = f
		for _, v := range versions {
			k.versions = append(k.versions, v)
			k.versionByID[v.ID] = v
		}
	}
	for _, p := range k.points {
		k.pointByCode[p.Code] = p
	}
	for _, e := range k.enumerators {
		k.enumerator[e.ID] = e
	}
	for _, r := range round.Routes {
		k.routeByCode[r.Code] = r.Name
	}
	k.severalForms = len(k.forms) > 1
	return k, nil
}

// pointName is a point's name, or the code where the round has no such point.
func (k *looked) pointName(code string) string {
	if p := k.pointByCode[code]; p != nil && p.Name != "" {
		return p.Name
	}
	return code
}

func (k *looked) routeName(code string) string {
	if name := k.routeByCode[code]; name != "" {
		return name
	}
	return code
}

// enumeratorName is the code, with the name for those who may see it.
func (k *looked) enumeratorName(id ids.ID, named bool) string {
	e := k.enumerator[id]
	switch {
	case e == nil:
		return ""
	case named && e.Name != "":
		return e.Code + " " + e.Name
	}
	return e.Code
}

// versionName is a version as people call it, with its form where the round has
// several.
func (k *looked) versionName(id ids.ID) string {
	v := k.versionByID[id]
	if v == nil {
		return ""
	}
	name := v.Version
	if name == "" {
		name = "–"
	}
	if f := k.formByID[v.Form]; f != nil && k.severalForms {
		return f.Title + ": " + name
	}
	return name
}
