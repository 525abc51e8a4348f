package collection

import "waymark/internal/fault"

// Check says everything that is wrong with a programme, by the fields "name" and
// "about".
func (p *Programme) Check() error {
	b := newBreaches()
	b.text(fault.Place{Field: "name"}, p.Name, true, MostName, false)
	b.text(fault.Place{Field: "about"}, p.About, false, MostAbout, true)
	return b.err()
}
