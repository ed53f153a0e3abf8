/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-secret.h"
#include "store/kith-database.h"

/* A database with something in every table, some of whose pages are damaged. */

#define KITH_TEST_DAMAGED_MESSAGES 3000
#define KITH_TEST_DAMAGED_PEOPLE 20
#define KITH_TEST_DAMAGED_ENTRIES 1000
#define KITH_TEST_DAMAGED_BROADCASTS 300

typedef struct
{
  char       *folder;     /* (owned) */
  char       *path;       /* (owned): of the database */
  char       *restored;   /* (owned): of the other */
  GFile      *file;       /* (owned) */
  KithSecret *key;        /* (owned) */
  KithSecret *passphrase; /* (owned) */
} KithTestDamaged;

/* Which pages are damaged, those of some tables in the order in which they lie in the file. */
typedef struct
{
  const char *tables; /* as SQL says them */
  const char *kind;   /* "leaf", "internal" or "overflow" */
  guint       from;   /* which of them; G_MAXUINT: the last */
  guint       every;  /* and each so many behind it; 0: no other */
} KithTestDamage;

/* For g_test_add(). */
void          kith_test_damaged_set_up    (KithTestDamaged      *self,
                                           gconstpointer         data);
void          kith_test_damaged_tear_down (KithTestDamaged      *self,
                                           gconstpointer         data);
/* (transfer full): the one at @path */
KithDatabase *kith_test_damaged_open      (KithTestDamaged      *self,
                                           const char           *path);
/* Returns: how many pages are damaged now */
guint         kith_test_damaged_pages     (KithTestDamaged      *self,
                                           const KithTestDamage *damage);
/* What came of the backup. (transfer full) */
KithDatabase *kith_test_damaged_restore   (KithTestDamaged      *self);
gint64        kith_test_damaged_count     (KithDatabase         *database,
                                           const char           *what);
