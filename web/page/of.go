package page

import (
	"context"
	"net/http"

	"waymark/internal/ids"
	"waymark/trust/access"
)

// Of is how a route says what it is about.
type Of = func(ctx context.Context, r *http.Request) (access.Resource, error)

// OfSystem is for patterns with a wildcard that belong to no programme.
func OfSystem(context.Context, *http.Request) (access.Resource, error) {
	return access.Resource{}, nil
}

// OfProgramme reads {programme}.
func OfProgramme(h *House) Of {
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		id, err := PathID(r, "programme")
		if err != nil {
			return access.Resource{}, err
		}
		p, err := h.Collection.Programme(ctx, id)
		if err != nil {
			return access.Resource{}, err
		}
		Place(ctx, p, nil)
		return access.Resource{Programme: p.ID, Demo: p.Demo}, nil
	}
}

// OfRound reads {round}.
func OfRound(h *House) Of {
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		id, err := PathID(r, "round")
		if err != nil {
			return access.Resource{}, err
		}
		return OfRoundID(ctx, h, id)
	}
}

// OfRoundID is what a round belongs to, for an Of that found the round otherwise.
func OfRoundID(ctx context.Context, h *House, round ids.ID) (access.Resource, error) {
	rd, err := h.Collection.Round(ctx, round)
	if err != nil {
		return access.Resource{}, err
	}
	p, err := h.Collection.Programme(ctx, rd.Programme)
	if err != nil {
		return access.Resource{}, err
	}
	Place(ctx, p, rd)
	return access.Resource{Programme: p.ID, Demo: p.Demo}, nil
}

// OfForm reads {form}.
func OfForm(h *House) Of {
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		id, err := PathID(r, "form")
		if err != nil {
			return access.Resource{}, err
		}
		f, err := h.Collection.Form(ctx, id)
		if err != nil {
			return access.Resource{}, err
		}
		return OfRoundID(ctx, h, f.Round)
	}
}

// OfSubmission reads {submission}.
func OfSubmission(h *House) Of {
	return func(ctx context.Context, r *http.Request) (access.Resource, error) {
		id, err := PathID(r, "submission")
		if err != nil {
			return access.Resource{}, err
		}
		s, err := h.Collection.Submission(ctx, id)
		if err != nil {
			return access.Resource{}, err
		}
		res, err := OfRoundID(ctx, h, s.Round)
		res.Enumerator = s.Enumerator
		return res, err
	}
}
