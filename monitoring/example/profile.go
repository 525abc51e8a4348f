package example

import (
	"slices"

	"waymark/stats/table"
)

// summer is the day on which European clocks went forward in 2016, as days
// since 1970-01-01 (27 March 2016).
const summer = 16887

// profile draws everything that no published figure fixes, for one person who
// was asked everything: who they are and how they came. The module's answers
// and the slot must be there already.
func (m *maker) profile(p *person) {
	d := m.dice
	draw := func(q question, from []*wheel) {
		w := fit(from, p)
		p.code[q] = w.code[w.spin(d)]
	}
	pick := func(q question) { draw(q, m.by[q]) }
	own := m.book.codes["country"][m.nats[p.slot.nat]]
	p.code[qNationality] = own

	pick(qSex)
	if p.yes>>3&1 == 1 && d.below(2) == 0 {
		// Offers of marriage reach women more often: half are given to women outright.
		p.code[qSex] = m.female
	}
	p.age = fit(m.wheels["age"], p).within(d)
	if near := (p.age + 2) / 5 * 5; near >= 20 && d.chance(m.heapShare) {
		p.age = near
	}
	pick(qEducation)
	if p.age < 18 {
		draw(qEmploymentBefore, m.wheels["employment_before.14-17"])
		if p.code[qEducation] == m.tertiary {
			p.code[qEducation] = m.secondary
		}
	} else {
		pick(qEmploymentBefore)
	}
	switch {
	case p.age < 18:
		draw(qMaritalStatus, m.wheels["marital_status.14-17"])
	case p.age < 26:
		draw(qMaritalStatus, m.wheels["marital_status.18-25"])
	case p.age < 36:
		draw(qMaritalStatus, m.wheels["marital_status.26-35"])
	default:
		draw(qMaritalStatus, m.wheels["marital_status.36"])
	}
	pick(qTravelling)

	pick(qCountryDeparture)
	if p.code[qCountryDeparture] == ownCountry {
		p.code[qCountryDeparture] = own
	}
	ways := fit(m.wheels["transit_countries"], p)
	p.pass(ways.way[ways.spin(d)], own)
	pick(qCost)
	pick(qReason)
	pick(qDestination)
	if p.code[qDestination] == own {
		p.code[qDestination] = m.other
	}
	p.gone = -1
	if p.band != noBand {
		p.gone = fit(m.gone[p.band], p).within(d)
	}
	m.answer(p)
	pick(qReferralGiven)

	// A few questions stay without an answer.
	for _, q := range []question{qSex, qNationality, qCountryDeparture, qEducation, qEmploymentBefore,
		qMaritalStatus, qTravelling, qCost, qReason, qDestination} {
		if d.chance(m.gapShare) {
			p.code[q] = refuse(d)
		}
	}
	p.setOut = d.chance(m.gapShare)
	if d.chance(m.leaveShare) {
		p.gone = -1
	}
}

// pass sets the countries of the way, without the person's own. Someone who
// left another country than their own passed what comes after it; if the way
// does not touch it, its last two countries.
func (p *person) pass(way []uint8, own uint8) {
	p.set = countries{}
	if from := p.code[qCountryDeparture]; from != own {
		if i := slices.Index(way, from); i >= 0 {
			way = way[i+1:]
		} else {
			way = way[max(0, len(way)-2):]
		}
	}
	for _, c := range way {
		if c != own {
			p.set.add(c)
		}
	}
}

// answer writes the answers on the journey's length and on the module.
func (m *maker) answer(p *person) {
	d := m.dice
	word := func(yes bool) uint8 {
		if yes {
			return m.yes
		}
		return m.no
	}
	p.code[qPrevious], p.code[qConsent] = m.no, m.yes
	p.code[qTransitTime] = refuse(d)
	if p.band != noBand {
		p.code[qTransitTime] = uint8(table.FirstLevel + p.band)
	}
	p.code[qAbroadOneYear] = word(p.abroad)
	if p.abroadOut {
		p.code[qAbroadOneYear] = refuse(d)
	}
	where := fit(m.wheels["where"], p)
	at := where.code[where.spin(d)]
	place := func(q question) {
		// Two of three things happened where the first did.
		if d.below(3) == 0 {
			at = where.code[where.spin(d)]
		}
		p.code[q] = at
		if d.chance(m.gapShare) {
			p.code[q] = refuse(d)
		}
	}
	for i, q := range own {
		p.code[q], p.code[q+1] = word(p.yes>>i&1 == 1), uint8(table.NotAsked)
		if p.yes>>i&1 == 1 {
			place(q + 1)
		}
		if p.silent>>i&1 == 1 {
			p.code[q] = refuse(d)
		}
	}
	p.code[qOrgansAwareness], p.code[qOrgansAwarenessWhere] = word(p.organs == 1), uint8(table.NotAsked)
	switch p.organs {
	case 1:
		place(qOrgansAwarenessWhere)
	case -1:
		p.code[qOrgansAwareness] = refuse(d)
	}
	p.code[qFamilyAny] = uint8(table.NotAsked)
	switch {
	case p.state != none:
	case p.familyOut:
		p.code[qFamilyAny] = refuse(d)
	default:
		p.code[qFamilyAny] = word(p.family)
	}
}

// cut takes back what an interview that ended early never asked.
func (p *person) cut() {
	first := questions
	switch p.ended {
	case atConsent:
		first, p.age = qConsent+1, -1
	case atAge:
		first = qSex
	}
	if first == questions {
		return
	}
	for q := first; q < questions; q++ {
		p.code[q] = uint8(table.NotAsked)
	}
	p.gone, p.setOut = -1, true
}
