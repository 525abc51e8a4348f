package fill

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// ErrStopped tells that the person stopped before the end.
var ErrStopped = errors.New("stopped")

// errBack asks for the question before.
var errBack = errors.New("back")

// Ask fills a document by asking in a terminal: one question at a time, with
// its hint and its choices by number. It returns ErrStopped with the document
// as far as it came when the person stops or the input ends.
//
//	empty line  no answer, or the answer given before
//	-           take the answer away
//	<           back to the question before
//	?           the question's rules
//	!           stop
func Ask(form *xform.Form, opt xform.SessionOptions, in io.Reader, out io.Writer) (*xform.Session, error) {
	s, err := form.NewSession(opt)
	if err != nil {
		return nil, err
	}
	p := &person{in: bufio.NewScanner(in), out: out, language: opt.Language, done: map[string]bool{}}
	p.in.Buffer(make([]byte, 0, 4096), 1<<20)
	if form.Title != "" {
		fmt.Fprintf(out, "%s\n", form.Title)
	}
	fmt.Fprintln(out, "Empty line: no answer or keep it · - take away · < back · ? rules · ! stop")
	for {
		before := p.asked
		err := walk(s, p)
		if errors.Is(err, errBack) {
			continue // from the top: what is done is not asked again
		}
		if err != nil {
			return s, err
		}
		s.Finish()
		problems := s.Validate()
		if len(problems) == 0 {
			return s, nil
		}
		if p.asked == before {
			return s, unanswerable(problems)
		}
		fmt.Fprintf(out, "\nBefore the end, %s again:\n", plural(len(problems), "question", "questions"))
		for _, q := range problems {
			delete(p.done, q.Path)
		}
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// person answers at a terminal.
type person struct {
	in       *bufio.Scanner
	out      io.Writer
	language string
	done     map[string]bool // asked and left
	order    []string        // of what is done, for going back
	group    string
	asked    int
}

// unanswerable are problems of nodes that no question asks for.
func unanswerable(problems []xform.Problem) error {
	faults := fault.NewList(maxFaults)
	for _, p := range problems {
		faults.Addf(fault.Invalid, fault.Place{Field: p.Path}, "mend the form: waymark form check", "no question can put this right: %s", p.Message)
	}
	return faults.Err()
}

func (p *person) answer(s *xform.Session, c *xform.Control, n *xpath.Node) error {
	path := s.Path(n)
	if p.done[path] {
		return nil
	}
	p.asked++
	p.title(s, c, n)
	choices := s.Choices(n)
	p.show(s, c, n, choices)
	for {
		line, err := p.line("> ")
		if err != nil {
			return err
		}
		switch line {
		case "<":
			return p.back()
		case "!":
			return ErrStopped
		case "?":
			p.rules(c)
			continue
		case "-":
			line = ""
		case "":
			line = n.Value
		default:
			var wrong string
			if line, wrong = typed(c, choices, line); wrong != "" {
				fmt.Fprintln(p.out, "  "+wrong)
				continue
			}
		}
		before := n.Value
		if err := s.Set(n, line); err != nil {
			return err
		}
		if problems := s.Valid(n); len(problems) > 0 {
			fmt.Fprintln(p.out, "  "+reason(problems[0], c.Node))
			if err := s.Set(n, before); err != nil {
				return err
			}
			continue
		}
		p.done[path] = true
		p.order = append(p.order, path)
		return nil
	}
}

// reason says what is wrong with an answer, and which rule it breaks where the
// form has no words for it.
func reason(p xform.Problem, d *xform.Definition) string {
	if p.Kind == xform.Constraint && d.ConstraintMsg.Empty() {
		return p.Message + ": " + p.Rule
	}
	return p.Message
}

// back opens the last question again.
func (p *person) back() error {
	if len(p.order) == 0 {
		fmt.Fprintln(p.out, "  This is the first question.")
		return errBack
	}
	delete(p.done, p.order[len(p.order)-1])
	p.order = p.order[:len(p.order)-1]
	return errBack
}

// line reads one line. The end of the input stops the interview.
func (p *person) line(prompt string) (string, error) {
	fmt.Fprint(p.out, prompt)
	if p.in.Scan() {
		return strings.TrimSpace(p.in.Text()), nil
	}
	if err := p.in.Err(); err != nil {
		return "", fault.Wrap(fault.Invalid, fault.Place{}, "the line could not be read", "answers have at most 1 MiB", err)
	}
	return "", ErrStopped
}

// more asks whether to add an instance, once for each number of them.
func (p *person) more(s *xform.Session, c *xform.Control, parent *xpath.Node, have int) (bool, error) {
	key := fmt.Sprintf("%s/%s#%d", s.Path(parent), c.Node.Name, have)
	if p.done[key] {
		return false, nil
	}
	label := s.Form().Text(c.Label, p.language, s, parent)
	if label == "" {
		label = c.Node.Name
	}
	for {
		line, err := p.line(fmt.Sprintf("\nAdd %q (%s)? [y/N] ", label, there(have)))
		if err != nil {
			return false, err
		}
		switch strings.ToLower(line) {
		case "y", "yes":
			return true, nil
		case "", "n", "no":
			p.done[key] = true
			p.order = append(p.order, key)
			return false, nil
		case "<":
			return false, p.back()
		case "!":
			return false, ErrStopped
		}
	}
}

func there(n int) string {
	switch n {
	case 0:
		return "there is none yet"
	case 1:
		return "there is 1"
	}
	return fmt.Sprintf("there are %d", n)
}
