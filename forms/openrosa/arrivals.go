package openrosa

import (
	"context"

	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// Arrivals is the part of collection.Submissions that the protocol needs.
type Arrivals interface {
	Arrive(ctx context.Context, by audit.Actor, a *collection.Arrival) (*collection.Arrived, error)
}
