/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-people.h"
#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

/* A profile on the disk, in a folder of its own, and calls of it that wait for their answer. What returns an error
 * returns what was wrong, (transfer full) (nullable). */

typedef struct
{
  char              *root;   /* (owned) */
  char              *path;   /* (owned) */
  KithProfileFolder *folder; /* (owned) (nullable) */
} Fixture;

void     test_profile_set_up         (Fixture      *self,
                                      gconstpointer data);
void     test_profile_tear_down      (Fixture      *self,
                                      gconstpointer data);
void     give_up_folder              (Fixture      *self);
void     reopen                      (Fixture      *self);
void     lock                        (Fixture      *self);
/* With a name. */
void     create                      (Fixture      *self,
                                      const char   *passphrase);
GError  *unlock                      (Fixture      *self,
                                      const char   *passphrase);
GError  *change                      (Fixture      *self,
                                      const char   *current,
                                      const char   *passphrase);
GError  *erase                       (Fixture      *self);
GError  *erase_with_files            (Fixture      *self);
/* Of the passphrase "backup". */
void     export_to                   (Fixture      *self,
                                      const char   *path);
/* To the passphrase "new". */
GError  *restore_from                (Fixture      *self,
                                      const char   *path,
                                      const char   *passphrase,
                                      GCancellable *cancellable);

/* So many of somebody, in one commit. */
void     add_messages                (Fixture      *self,
                                      guint32       n);

/* (transfer full) */
char    *file_of                     (Fixture      *self,
                                      const char   *name);
gboolean has_file                    (Fixture      *self,
                                      const char   *name);
void     write_file                  (Fixture      *self,
                                      const char   *name,
                                      const char   *text);
void     move                        (const char   *from,
                                      const char   *to);

#define assert_state(expected) \
  g_assert_cmpint (kith_profile_folder_get_state (self->folder), ==, (expected))

#define assert_fails(call, code)              \
  G_STMT_START                                \
  {                                           \
    g_autoptr (GError) failed = (call);       \
    g_assert_error (failed, KITH_ERROR, code); \
  }                                           \
  G_STMT_END

#define assert_works(call)              \
  G_STMT_START                          \
  {                                     \
    g_autoptr (GError) failed = (call); \
    g_assert_no_error (failed);         \
  }                                     \
  G_STMT_END

G_END_DECLS
