/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <gmodule.h>

/* What is given back to the heap is overwritten, whoever in the process gives it back: the texts that the toolkit draws,
 * lays out and tells screen readers are copied in more libraries than know what a secret is, and a locked profile
 * would leave them all behind. free() and realloc() of the program go before those of the C library for all of them.
 *
 * mallopt (M_PERTURB) is not enough: what a thread keeps back for its next malloc() is not overwritten by it.
 *
 * Linked into the programs that show texts, and not into the library. */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_OWN_HEAP 1 /* of a sanitizer: it has its own free() and has to see it */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_OWN_HEAP 1
#endif
#endif

#ifndef HAS_OWN_HEAP

typedef void (*Free) (void *memory);
typedef void *(*Realloc) (void *memory, size_t size);
typedef void (*FreeSlice) (gsize size, gpointer memory);

static _Thread_local gboolean is_looking;

/* Of the C library, or of another heap that was loaded before it. dlsym() itself may free: see below. */
static gpointer
look_up (gpointer *place, const char *name)
{
  gpointer found = g_atomic_pointer_get (place);

  if (found != NULL || is_looking)
    return found;

  is_looking = TRUE;
  found = dlsym (RTLD_NEXT, name);
  is_looking = FALSE;
  g_atomic_pointer_set (place, found);
  return found;
}

G_MODULE_EXPORT void
free (void *memory)
{
  static gpointer place;
  Free next;

  if (memory == NULL)
    return;

  explicit_bzero (memory, malloc_usable_size (memory));
  next = (Free) look_up (&place, "free");
  /* What is freed while it is looked up stays, a few bytes once. */
  if (next != NULL)
    next (memory);
}

/* What grows gets a new place: of one that moved, nobody could tell where it had been. */
static void *
grow (void *memory, size_t had, size_t size)
{
  void *moved = malloc (size);

  if (moved == NULL)
    return NULL;

  memcpy (moved, memory, had);
  free (memory);
  return moved;
}

G_MODULE_EXPORT void *
realloc (void *memory, size_t size)
{
  static gpointer place;
  size_t had = memory != NULL ? malloc_usable_size (memory) : 0;
  Realloc next;

  if (memory == NULL)
    return malloc (size);
  if (size > had)
    return grow (memory, had, size);

  explicit_bzero ((char *) memory + size, had - size);
  next = (Realloc) look_up (&place, "realloc");
  return next != NULL ? next (memory, size) : memory;
}

/* The heap of GLib before 2.76, which keeps back what it got of the one below. */
G_MODULE_EXPORT void
g_slice_free1 (gsize size, gpointer memory)
{
  static gpointer place;
  FreeSlice next = (FreeSlice) look_up (&place, "g_slice_free1");

  if (memory == NULL)
    return;

  explicit_bzero (memory, size);
  if (next != NULL)
    next (size, memory);
}

#endif
