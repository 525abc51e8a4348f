package collectiontest

import (
	"context"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// Programme implements collection.Programmes, as do the methods below.
func (s *Store) Programme(_ context.Context, id ids.ID) (*collection.Programme, error) {
	defer s.begin("")()
	return find(s.programmes, id)
}

func (s *Store) ListProgrammes(context.Context) ([]*collection.Programme, error) {
	defer s.begin("")()
	return sorted(s.programmes, func(*collection.Programme) bool { return true },
		func(a, b *collection.Programme) bool { return a.Name < b.Name }), nil
}

func (s *Store) PutProgramme(_ context.Context, _ audit.Actor, p *collection.Programme) error {
	defer s.begin("programme")()
	return put(s, s.programmes, p, &p.ID, &p.Etag, func(p *collection.Programme) int64 { return p.Etag })
}

func (s *Store) Round(_ context.Context, id ids.ID) (*collection.Round, error) {
	defer s.begin("")()
	return find(s.rounds, id)
}

func (s *Store) ListRounds(_ context.Context, programme ids.ID) ([]*collection.Round, error) {
	defer s.begin("")()
	return sorted(s.rounds, func(r *collection.Round) bool { return r.Programme == programme },
		func(a, b *collection.Round) bool { return a.ID > b.ID }), nil
}

func (s *Store) PutRound(_ context.Context, _ audit.Actor, r *collection.Round) error {
	defer s.begin("round")()
	return put(s, s.rounds, r, &r.ID, &r.Etag, func(r *collection.Round) int64 { return r.Etag })
}

func (s *Store) ListPoints(_ context.Context, round ids.ID) ([]*collection.Point, error) {
	defer s.begin("")()
	return sorted(s.points, func(p *collection.Point) bool { return p.Round == round },
		func(a, b *collection.Point) bool { return a.Code < b.Code }), nil
}

func (s *Store) PutPoint(_ context.Context, _ audit.Actor, p *collection.Point) error {
	defer s.begin("point")()
	return s.putPoint(p)
}

func (s *Store) putPoint(p *collection.Point) error {
	return put(s, s.points, p, &p.ID, &p.Etag, func(p *collection.Point) int64 { return p.Etag })
}

func (s *Store) PutPoints(_ context.Context, _ audit.Actor, round ids.ID, points []*collection.Point) error {
	defer s.begin("points")()
	for _, p := range points {
		if was := s.points[p.ID]; p.ID != 0 && (was == nil || was.Etag != p.Etag) {
			return conflict()
		}
	}
	for _, p := range points {
		if err := s.putPoint(p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) RemovePoint(_ context.Context, _ audit.Actor, round, point ids.ID) error {
	defer s.begin("point removed")()
	if p := s.points[point]; p == nil || p.Round != round {
		return missing()
	}
	delete(s.points, point)
	return nil
}

func (s *Store) ListPeriods(_ context.Context, round ids.ID) ([]*collection.Period, error) {
	defer s.begin("")()
	var list []*collection.Period
	for _, p := range s.periods[round] {
		list = append(list, copied(p))
	}
	return list, nil
}

func (s *Store) SetTargets(_ context.Context, _ audit.Actor, round ids.ID, etag int64, periods []*collection.Period, targets []collection.Target) error {
	defer s.begin("targets")()
	r := s.rounds[round]
	if r == nil {
		return missing()
	}
	if r.Etag != etag {
		return conflict()
	}
	r.Etag++
	s.periods[round] = nil
	for _, p := range periods {
		s.periods[round] = append(s.periods[round], copied(p))
	}
	s.targets[round] = append([]collection.Target(nil), targets...)
	return nil
}

func (s *Store) ListTargets(_ context.Context, round ids.ID) ([]collection.Target, error) {
	defer s.begin("")()
	return append([]collection.Target(nil), s.targets[round]...), nil
}
