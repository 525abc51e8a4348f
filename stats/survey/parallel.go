package survey

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// chunkRows is the fixed number of rows of one piece of work. It does not
// depend on the number of workers, so neither does any result.
const chunkRows = 1 << 16

// blockRows is the number of rows whose cells are computed before they are
// counted: small enough to stay in the first cache.
const blockRows = 1 << 11

// each runs task 0..n-1 on at most workers goroutines. Tasks write to their own
// places only.
func each(ctx context.Context, workers, n int, task func(i int)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if workers == 1 || n == 1 {
		for i := range n {
			if err := ctx.Err(); err != nil {
				return err
			}
			task(i)
		}
		return nil
	}
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for i := range n {
		if inner.Err() != nil {
			break
		}
		g.Go(func() error {
			if err := inner.Err(); err != nil {
				return err
			}
			task(i)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}
