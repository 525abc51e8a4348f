package example

import (
	"waymark/internal/fault"
	"waymark/monitoring/instrument"
)

// maker holds what one part of a round is made from.
type maker struct {
	margins    *margins
	figures    *figures
	detections []detection
	nats       []string // nationality numbers
	routes     []string // the order in which routes are made
	book       *codebook
	wheels     wheels
	dice       dice
	crew       int // enumerators of the parts before

	// What is looked up once: tables by question, by band of transit time, and shares.
	by                              [questions][]*wheel
	gone                            [bands][]*wheel
	gapShare, leaveShare, heapShare float64

	yes, no, dontKnow, female, tertiary, secondary, other uint8
}

func newMaker() (*maker, error) {
	in, err := instrument.Load("fms-2016")
	if err != nil {
		return nil, err
	}
	mg, err := readMargins()
	if err != nil {
		return nil, err
	}
	ds, err := readDetections()
	if err != nil {
		return nil, err
	}
	faults := fault.NewList(20)
	m := &maker{margins: mg, figures: &figures{mg.Figures, faults}, detections: ds, nats: nationalities(ds),
		routes: []string{"EMR", "CMR"}, book: newCodebook(in)}
	m.wheels = newWheels(mg, m.book, m.nats, m.routes, faults)
	m.prepare()
	code := func(list, name string) uint8 {
		c, ok := m.book.codes[list][name]
		if !ok {
			faults.Addf(fault.Internal, fault.Place{}, "", "the instrument's list %q has no code %q", list, name)
		}
		return c
	}
	m.yes, m.no, m.dontKnow = code("yes_no", "yes"), code("yes_no", "no"), code("yes_no", "dk")
	m.female = code("sex", "female")
	m.tertiary, m.secondary = code("education", "tertiary"), code("education", "upper_secondary")
	m.other = code("country", "OTH")
	for _, nat := range m.nats {
		code("country", nat)
	}
	if n := len(m.book.levels["country"]); n > mostCountries {
		faults.Addf(fault.Internal, fault.Place{}, "widen the type countries", "the instrument has %d countries, a set holds %d", n, mostCountries)
	}
	return m, faults.Err()
}

// prepare looks up once what is needed for every person.
func (m *maker) prepare() {
	for q, id := range map[question]string{qSex: "sex", qEducation: "education", qEmploymentBefore: "employment_before",
		qTravelling: "travelling", qCountryDeparture: "country_departure", qCost: "cost", qReason: "reason",
		qDestination: "destination", qReferralGiven: "referral_given"} {
		m.by[q] = m.wheels[id]
	}
	for i, l := range m.book.levels["transit_time"] {
		m.gone[i] = m.wheels["days."+l.Code]
	}
	m.gapShare = m.figures.of("missing.profile", "")
	m.leaveShare = m.figures.of("missing.departure_date", "")
	m.heapShare = m.figures.of("age.heaping", "")
}

// part makes n eligible interviews of the round, with the interviews left out
// that go with them, in the order in which they began.
func (m *maker) part(n int, seed, stream uint64) ([]person, error) {
	m.dice = newDice(seed, stream)
	full := make([]int, len(m.routes))
	for i, route := range m.routes {
		full[i] = int(m.figures.of("eligible", route))
	}
	sizes := split(n, full)
	shapes, err := m.shapes(sizes)
	if err != nil {
		return nil, err
	}
	var all []person
	for i, route := range m.routes {
		ps := shapes[i].people(i, m.dice)
		if err := m.module(route, ps); err != nil {
			return nil, err
		}
		m.slots(route, ps)
		m.gaps(route, ps)
		ps = append(ps, m.leftOut(route, ps, full[i])...)
		for j := range ps {
			m.finish(&ps[j])
		}
		if err := m.schedule(route, ps, sizes[i]); err != nil {
			return nil, err
		}
		all = append(all, ps...)
	}
	m.imperfect(all)
	return m.sign(all), m.figures.faults.Err()
}

// gaps marks who does not say whether they were abroad for a year, and who
// does not know whether they took part before.
func (m *maker) gaps(route string, ps []person) {
	left := portion(m.figures.of("missing.abroad_one_year", route), len(ps))
	for i := range ps {
		if p := &ps[i]; left > 0 && !p.abroad {
			p.abroadOut = true
			left--
		}
	}
	left = portion(m.figures.of("previous.missing", route), len(ps))
	for i := len(ps) - left; i < len(ps); i++ {
		ps[i].previousOut = true
	}
}

// leftOut makes the interviews that the rules leave out of the analysis: they
// borrow their journeys and answers from the eligible ones, person by person.
// full is the number of eligible interviews that the margins go with.
func (m *maker) leftOut(route string, ps []person, full int) []person {
	count := func(id string) int {
		return (int(m.figures.of("excluded."+id, route))*len(ps) + full/2) / full
	}
	var out []person
	add := func(n int, change func(*person)) {
		for range n {
			p := ps[m.dice.below(len(ps))]
			p.slot = ps[m.dice.below(len(ps))].slot
			p.previousOut = false
			change(&p)
			out = append(out, p)
		}
	}
	refusing, young := min(count("repeat"), count("repeat.no_consent")), min(count("repeat"), count("repeat.under_14"))
	add(count("repeat")-refusing-young, func(p *person) { p.repeat = true })
	add(refusing, func(p *person) { p.repeat, p.ended = true, atConsent })
	add(young, func(p *person) { p.repeat, p.ended = true, atAge })
	silent := min(count("consent"), count("consent.missing"))
	add(count("consent")-silent, func(p *person) { p.ended = atConsent })
	add(silent, func(p *person) { p.ended, p.consentOut = atConsent, true })
	ageless := min(count("age"), count("age.missing"))
	add(count("age")-ageless, func(p *person) { p.ended = atAge })
	add(ageless, func(p *person) { p.ended, p.ageOut = atAge, true })
	return out
}

// finish fills a person's answers in.
func (m *maker) finish(p *person) {
	m.profile(p)
	p.code[qRoute] = m.book.codes["route"][m.routes[p.route]]
	switch {
	case p.repeat:
		p.code[qPrevious] = m.yes
	case p.previousOut:
		p.code[qPrevious] = m.dontKnow
	}
	switch p.ended {
	case atConsent:
		p.code[qConsent] = m.no
		if p.consentOut {
			p.code[qConsent] = refuse(m.dice)
		}
	case atAge:
		p.age = fit(m.wheels["age.excluded"], p).within(m.dice)
		if p.ageOut {
			p.age = -1
		}
	}
	p.cut()
}
