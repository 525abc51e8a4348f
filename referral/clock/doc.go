// Package clock is the arithmetic of time in a pathway: working days with bank
// holidays by nation, calendar days, "the later of", pauses, opening hours,
// turning an age, and how long things are kept. Rules and their versions come
// from referral/rule; the version in force on the day of the trigger counts.
//
// Days are civil days of the nation's own time zone. It reads no system clock,
// and knows nothing of people, storage or pages: it explains itself in steps,
// codes with arguments, that a page puts into words.
package clock
