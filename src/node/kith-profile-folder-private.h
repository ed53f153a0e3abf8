/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-profile-folder.h"
#include "store/kith-profile-lock.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

/* For the files of a profile folder:
 *   kith-profile-folder.c   opening, creating, unlocking, locking, changing the passphrase
 *   kith-profile-backup.c   export, restore, erase
 *   kith-profile-list.c     which profiles there are */

#define KITH_PROFILE_VAULT "vault"
#define KITH_PROFILE_NEW_SUFFIX ".new"
#define KITH_PROFILE_DATABASE "kith.db"
#define KITH_PROFILE_ATTEMPTS "attempts"
#define KITH_PROFILE_LOCK "lock"
#define KITH_PROFILE_DATABASE_LABEL "kith1 database"

struct _KithProfileFolder
{
  GObject          parent_instance;
  char            *path;  /* (owned) */
  KithProfileLock *lock;  /* (owned) (nullable) when it could not be taken */
  KithProfileState state;
  gboolean         has_passphrase;
  gboolean         is_changing; /* the vault is being written anew */
  KithStore       *store; /* (owned) (nullable) */
  KithNode        *node;  /* (owned) (nullable) */
};

char       *kith_profile_folder_dup_file        (KithProfileFolder *self,
                                                 const char        *name);
gboolean    kith_profile_folder_look            (KithProfileFolder *self,
                                                 GError           **error);
void        kith_profile_folder_put_aside       (const char        *database);
gboolean    kith_profile_folder_begin           (KithProfileFolder *self,
                                                 KithProfileState   expected,
                                                 GTask             *task);
KithSecret *kith_profile_folder_take_passphrase (const char        *text,
                                                 gboolean          *is_fine,
                                                 GTask             *task);
void        kith_profile_folder_take_store      (KithProfileFolder *self,
                                                 KithStore         *store,
                                                 GTask             *task);

G_END_DECLS
