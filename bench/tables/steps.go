package main

import (
	"fmt"
	"slices"
	"time"
)

// steps are timed again and again.
type steps struct {
	begun time.Time
	names []string
	took  map[string][]time.Duration
}

func newSteps() *steps { return &steps{took: map[string][]time.Duration{}} }

func (s *steps) start() { s.begun = time.Now() }

func (s *steps) lap(name string) {
	if s.took[name] == nil {
		s.names = append(s.names, name)
	}
	s.took[name] = append(s.took[name], time.Since(s.begun))
	s.begun = time.Now()
}

// best is the shortest time of a step.
func (s *steps) best(name string) time.Duration { return slices.Min(s.took[name]) }

// together is the sum of the shortest times.
func (s *steps) together() (d time.Duration) {
	for _, name := range s.names {
		d += s.best(name)
	}
	return d
}

func (s *steps) print() {
	fmt.Printf("%-40s %8s %8s %8s\n", "seconds", "first", "median", "least")
	var first, median, least float64
	for _, name := range s.names {
		all := slices.Sorted(slices.Values(s.took[name]))
		a, b, c := s.took[name][0].Seconds(), all[len(all)/2].Seconds(), all[0].Seconds()
		first, median, least = first+a, median+b, least+c
		fmt.Printf("%-40s %8.4f %8.4f %8.4f\n", name, a, b, c)
	}
	fmt.Printf("%-40s %8.4f %8.4f %8.4f\n", "together", first, median, least)
}
