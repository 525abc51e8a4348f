package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"waymark/stats/table"
)

// touched is the bytes a row that all steps together read and write: of the
// columns 20 (six answers and where, 7; stratum, PSU and weight, 11; route and
// nationality, 2), most of them more than once, and what is laid out between:
// the unit, its place in their order, weights and answers in that order, and the
// numbers of domains.
const touched = 147

// memory copies as many bytes as the steps touch, half read and half written,
// with two goroutines, and prints how far the steps are from it.
func memory(rows int, took time.Duration) {
	size := rows * touched / 2
	from, to := make([]byte, size), make([]byte, size)
	for i := 0; i < size; i += 4096 {
		from[i], to[i] = 1, 1
	}
	s := newSteps()
	for range rounds {
		s.start()
		var both sync.WaitGroup
		for _, half := range [][2]int{{0, size / 2}, {size / 2, size}} {
			both.Go(func() { copy(to[half[0]:half[1]], from[half[0]:half[1]]) })
		}
		both.Wait()
		s.lap("copy")
	}
	bytes := float64(touched) * float64(rows)
	copied := bytes / s.best("copy").Seconds()
	worked := bytes / took.Seconds()
	fmt.Printf("%d bytes a row touched: %.1f GB a second; a plain copy does %.1f, %.1f times as many\n", touched, worked/1e9, copied/1e9, copied/worked)
}

// curve prints the cost of both tables from 10,000 to 10,000,000 rows, which are
// those of the file again and again.
func curve(ctx context.Context, t *table.Table) error {
	fmt.Printf("%-12s %10s %10s\n", "rows", "seconds", "ns a row")
	for _, n := range []int{10_000, 100_000, 1_000_000, 10_000_000} {
		again, err := repeat(t, n)
		if err != nil {
			return err
		}
		s := newSteps()
		for range max(3, min(rounds, 3_000_000/n)) {
			if _, err := tables(ctx, again, s); err != nil {
				return err
			}
		}
		seconds := s.together().Seconds()
		fmt.Printf("%-12d %10.5f %10.1f\n", n, seconds, seconds*1e9/float64(n))
	}
	return nil
}

// repeat makes a table of n rows of a table's rows in turn.
func repeat(t *table.Table, n int) (*table.Table, error) {
	var columns []table.Column
	for _, col := range t.Columns() {
		switch c := col.(type) {
		case *table.CategoryColumn:
			codes := make([]uint32, n)
			for i := range codes {
				codes[i] = c.Code(i % t.Rows())
			}
			col = table.NewCategory(c.Name(), c.Levels, codes)
		case *table.NumberColumn:
			values := make([]float64, n)
			for i := range values {
				values[i] = c.Values[i%t.Rows()]
			}
			col = table.NewNumber(c.Name(), values, nil)
		}
		columns = append(columns, col)
	}
	return table.New(columns...)
}
