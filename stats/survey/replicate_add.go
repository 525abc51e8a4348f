package survey

import vec "gonum.org/v1/gonum/floats"

// addTo adds s to sum, place by place.
func addTo(sum, s []float64) { vec.Add(sum, s) }

// addTimes adds a·s to sum, place by place.
func addTimes(sum []float64, a float64, s []float64) { vec.AddScaled(sum, a, s) }
