// Package monitoring turns a round of flow monitoring interviews into
// findings: it binds a file to an instrument, applies the rules for who is
// left out, derives indicators and groups, and estimates what the plan asks.
//
// It holds the plan, the round, the findings and their receipts. It knows
// nothing of pages and documents (monitoring/brief) and opens no network or
// database.
package monitoring
