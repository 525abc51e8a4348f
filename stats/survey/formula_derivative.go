package survey

import "math"

// change is the value in a row and its derivative by one column: automatic
// differentiation, forward.
func (a *Arithmetic) change(get func(name string) float64, by string) (v, d float64) {
	switch a.op {
	case 'n':
		return a.num, 0
	case 'v':
		if v = get(a.name); a.name == by {
			d = 1
		}
		return v, d
	case '(':
		return a.args[0].change(get, by)
	case 'm':
		v, d = a.args[0].change(get, by)
		return -v, -d
	case 'f':
		x, dx := a.args[0].change(get, by)
		v = rowFunctions[a.name](x)
		switch a.name {
		case "log":
			return v, dx / x
		case "exp":
			return v, dx * v
		case "sqrt":
			return v, dx / (2 * v)
		case "abs":
			if x < 0 {
				dx = -dx
			}
		}
		return v, dx
	}
	x, dx := a.args[0].change(get, by)
	y, dy := a.args[1].change(get, by)
	switch a.op {
	case '+':
		return x + y, dx + dy
	case '-':
		return x - y, dx - dy
	case '*':
		return x * y, dx*y + x*dy
	case '/':
		return x / y, (dx - x/y*dy) / y
	}
	v = math.Pow(x, y)
	if dx != 0 {
		d = dx * y * math.Pow(x, y-1)
	}
	if dy != 0 {
		d += dy * v * math.Log(x)
	}
	return v, d
}
