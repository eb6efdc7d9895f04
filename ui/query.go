package ui

// queryMistake says what is wrong with a filter as it is typed; empty = nothing.
func (m *Model) queryMistake(string) string { return "" }
