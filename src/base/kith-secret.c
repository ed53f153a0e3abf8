/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-secret.h"

#include <string.h>

#include <sodium.h>

struct _KithSecret
{
  gatomicrefcount ref_count;
  gsize           len;
  guint8         *data; /* (owned): of sodium_malloc() */
};

/**
 * kith_secret_new_from:
 * @data: (array length=len): the secret, which stays the caller's to wipe
 * @len: its length in bytes
 *
 * Copies a secret into protected memory. Any thread. Aborts the program when the system has no
 * such memory left, as g_malloc() does.
 *
 * Returns: (transfer full): a secret
 */
KithSecret *
kith_secret_new_from (const guint8 *data, gsize len)
{
  KithSecret *self = g_new0 (KithSecret, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->len = len;
  self->data = sodium_malloc (len);
  if (self->data == NULL)
    g_error ("No protected memory for a secret of %" G_GSIZE_FORMAT " bytes", len);

  memcpy (self->data, data, len);
  sodium_mprotect_readonly (self->data);
  return self;
}

/**
 * kith_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): @self
 */
KithSecret *
kith_secret_ref (KithSecret *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_secret_unref:
 * @self: (transfer full): a secret
 *
 * Gives up a reference; the last one wipes and frees the secret. Any thread.
 */
void
kith_secret_unref (KithSecret *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  sodium_free (self->data); /* wipes */
  g_free (self);
}

/**
 * kith_secret_get_data:
 * @self: a secret
 *
 * Returns: (transfer none): the bytes, readable as long as the reference is held
 */
const guint8 *
kith_secret_get_data (const KithSecret *self)
{
  return self->data;
}

/**
 * kith_secret_get_len:
 * @self: a secret
 *
 * Returns: the length in bytes
 */
gsize
kith_secret_get_len (const KithSecret *self)
{
  return self->len;
}

/**
 * kith_secret_equal:
 * @a: (nullable): a secret
 * @b: (nullable): another
 *
 * Compares in constant time.
 *
 * Returns: whether both are the same bytes, or both %NULL
 */
gboolean
kith_secret_equal (const KithSecret *a, const KithSecret *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return a->len == b->len && sodium_memcmp (a->data, b->data, a->len) == 0;
}

/**
 * kith_secret_forget:
 * @self: a secret
 *
 * Overwrites it with zeros for all who hold a reference, because it must be gone now. Nobody may work with it
 * any more, in any thread.
 */
void
kith_secret_forget (KithSecret *self)
{
  sodium_mprotect_readwrite (self->data);
  sodium_memzero (self->data, self->len);
  sodium_mprotect_readonly (self->data);
}

/**
 * kith_secret_wipe:
 * @data: (array length=len): a secret on the stack or in a struct
 * @len: its length in bytes
 *
 * Overwrites it with zeros, in a way that no compiler leaves out.
 */
void
kith_secret_wipe (void *data, gsize len)
{
  sodium_memzero (data, len);
}

void
kith_secret_free_text (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

void
kith_secret_append (GString *to, const char *text, gssize len)
{
  gsize n = len < 0 ? strlen (text) : (gsize) len;
  gsize wanted = to->len + n + 1;

  if (wanted > to->allocated_len)
    {
      gsize size = MAX (wanted, 2 * to->allocated_len);
      char *moved = g_malloc (size);

      memcpy (moved, to->str, to->len + 1);
      sodium_memzero (to->str, to->allocated_len);
      g_free (to->str);
      to->str = moved;
      to->allocated_len = size;
    }
  g_string_append_len (to, text, (gssize) n);
}

void
kith_secret_free_string (GString *string)
{
  sodium_memzero (string->str, string->allocated_len);
  g_string_free (string, TRUE);
}

gboolean
kith_secret_equal_memory (const void *a, const void *b, gsize len)
{
  return sodium_memcmp (a, b, len) == 0;
}

/* --- Bytes that others hold too --------------------------------------------------------------- */

typedef struct
{
  gsize  len;
  guint8 bytes[];
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  sodium_memzero (copy->bytes, copy->len);
  g_free (copy);
}

GBytes *
kith_secret_copy_bytes (const void *data, gsize len)
{
  Copy *copy = g_malloc (sizeof *copy + len);

  copy->len = len;
  if (len > 0)
    memcpy (copy->bytes, data, len);
  return g_bytes_new_with_free_func (copy->bytes, len, copy_free, copy);
}
