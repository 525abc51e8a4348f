package survey

import (
	"math"
	"strconv"
	"strings"
)

// Arithmetic is a number made from columns, row by row. It is immutable.
type Arithmetic struct {
	op   byte // 'n' number, 'v' column, 'f' call, '(' brackets, 'm' minus sign, or + - * / ^
	num  float64
	name string // of the column or the function
	args []*Arithmetic
}

// rowFunctions are the functions that a formula may call. I(...) is its
// argument: it only keeps + and * from being read as terms.
var rowFunctions = map[string]func(float64) float64{
	"I": func(x float64) float64 { return x }, "log": math.Log, "exp": math.Exp, "sqrt": math.Sqrt, "abs": math.Abs,
}

// String writes the expression as R does.
func (a *Arithmetic) String() string {
	var b strings.Builder
	a.write(&b)
	return b.String()
}

func (a *Arithmetic) write(b *strings.Builder) {
	switch a.op {
	case 'n':
		b.WriteString(strconv.FormatFloat(a.num, 'g', -1, 64))
	case 'v':
		b.WriteString(quoteName(a.name))
	case 'f':
		b.WriteString(a.name + "(")
		a.args[0].write(b)
		b.WriteByte(')')
	case '(':
		b.WriteByte('(')
		a.args[0].write(b)
		b.WriteByte(')')
	case 'm':
		b.WriteByte('-')
		a.args[0].write(b)
	default:
		a.args[0].write(b)
		if a.op == '/' || a.op == '^' {
			b.WriteByte(a.op)
		} else {
			b.WriteString(" " + string(a.op) + " ")
		}
		a.args[1].write(b)
	}
}

// columns tells the names of the columns that are needed.
func (a *Arithmetic) columns(add func(string)) {
	if a.op == 'v' {
		add(a.name)
	}
	for _, x := range a.args {
		x.columns(add)
	}
}

// at is the value in a row; get gives a column's.
func (a *Arithmetic) at(get func(name string) float64) float64 {
	switch a.op {
	case 'n':
		return a.num
	case 'v':
		return get(a.name)
	case 'f':
		return rowFunctions[a.name](a.args[0].at(get))
	case '(':
		return a.args[0].at(get)
	case 'm':
		return -a.args[0].at(get)
	}
	x, y := a.args[0].at(get), a.args[1].at(get)
	switch a.op {
	case '+':
		return x + y
	case '-':
		return x - y
	case '*':
		return x * y
	case '/':
		return x / y
	}
	return math.Pow(x, y)
}
