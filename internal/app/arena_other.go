//go:build !linux

package app

func trimArena() {}
