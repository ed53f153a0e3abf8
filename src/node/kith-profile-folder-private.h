/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-profile-folder.h"
#include "store/kith-attempts.h"
#include "store/kith-profile-lock.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

/* For the files of a profile folder:
 *
 * - kith-profile-folder.c: its state
 * - kith-profile-folder-unlock.c: creating, unlocking
 * - kith-profile-folder-lock.c: locking
 * - kith-profile-folder-end.c: locking at the end of the program
 * - kith-profile-folder-room.c: what lies where a new one is to be
 * - kith-profile-folder-passphrase.c: wrong ones, changing it
 * - kith-profile-folder-backup.c: export, restore
 * - kith-profile-folder-erase.c: erasing; kith-own-files.c: which files are the profile's
 * - kith-profile-folder-list.c: which profiles there are */

#define KITH_PROFILE_VAULT "vault"
#define KITH_PROFILE_NEW_VAULT KITH_PROFILE_VAULT ".new" /* until all that belongs to it is there */
#define KITH_PROFILE_DATABASE "kith.db"
#define KITH_PROFILE_WITHOUT_VAULT ".without-vault" /* behind the name of a database that was put aside */
#define KITH_PROFILE_ATTEMPTS "attempts"
#define KITH_PROFILE_LOCK "lock"
#define KITH_PROFILE_FILES "files" /* what others sent, in a profile that is carried about */
#define KITH_PROFILE_DATABASE_LABEL "kith1 database"

struct _KithProfileFolder
{
  GObject          parent_instance;
  char            *path;  /* (owned) */
  KithProfileLock *lock;  /* (owned) (nullable) when it could not be taken */
  KithAttempts    *attempts; /* (owned): wrong passphrases */
  KithProfileState state;
  gboolean         has_passphrase;
  gboolean         had_vault;   /* seen since it was opened, and not erased */
  gboolean         is_erasing;
  gboolean         is_key_gone; /* by the last erasing */
  GPtrArray       *left;    /* (owned) (nullable) (element-type KithStoreReceived): of what others sent, then */
  char            *left_in; /* (owned) (nullable): the first of them */
  KithProfileRest  rest;    /* of one that was erased, when it was opened */
  gboolean         has_aside; /* a database whose vault was lost lies in the folder */
  gboolean         is_made; /* the folder is ours, and goes when nothing is in it */
  gboolean         is_changing; /* the vault is being written anew */
  GTask           *exporting; /* (owned) (nullable): a backup that is being written, and waited for */
  GTask           *locking;   /* (owned) (nullable): waits for that end, for the store's, and for that of a change of
                               * the vault */
  gpointer         left_export; /* (unowned) (nullable): the last one that was not waited for, only to be compared */
  GSource         *patience;  /* (owned) (nullable): how long it waits for the backup */
  GError          *lock_error; /* (owned) (nullable): how closing the store went */
  gboolean         is_closing; /* the node ends, and then the store */
  gboolean         was_open;   /* before the last locking */
  gboolean         was_export_stopped; /* by the last locking */
  GSource         *preparing; /* (owned) (nullable): until it is worth a word that it is */
  gboolean         is_preparing;
  KithStore       *store; /* (owned) (nullable) */
  KithNode        *node;  /* (owned) (nullable) */
};

char       *kith_profile_folder_dup_file        (KithProfileFolder *self,
                                                 const char        *name);
gboolean    kith_profile_folder_look            (KithProfileFolder *self,
                                                 GError           **error);
gboolean    kith_profile_folder_lacks_vault     (const char        *path);
gboolean    kith_profile_folder_find_aside      (const char        *path);
gboolean    kith_profile_folder_is_erased       (const char        *path);
/* Of one that is: all that the erasing which was killed between the key and the files had not come to. Blocks shortly.
 * Returns: whether nothing is left */
gboolean    kith_profile_folder_go_on_erasing   (const char        *path);
gboolean    kith_profile_folder_is_room         (KithProfileFolder *self,
                                                 GError           **error);
gboolean    kith_profile_folder_make_room       (const char        *vault,
                                                 const char        *new_vault,
                                                 const char        *database,
                                                 GError           **error);
void        kith_profile_folder_tidy            (const char        *vault,
                                                 const char        *new_vault,
                                                 const char        *database);
gboolean    kith_profile_folder_is_there        (KithProfileFolder *self,
                                                 GError           **error);
void        kith_profile_folder_end_erasing     (KithProfileFolder *self,
                                                 const GError      *error);
void        kith_profile_folder_go_on_locking   (KithProfileFolder *self);
void        kith_profile_folder_cancel_export   (KithProfileFolder *self);
void        kith_profile_folder_leave_export    (KithProfileFolder *self);
GError     *kith_profile_folder_new_busy_error  (void);
gboolean    kith_profile_folder_begin           (KithProfileFolder *self,
                                                 KithProfileState   expected,
                                                 GTask             *task);
KithSecret *kith_profile_folder_take_passphrase (const char        *text,
                                                 gboolean          *is_fine,
                                                 GTask             *task);
GError     *kith_profile_folder_count_wrong     (KithAttempts      *attempts,
                                                 GError            *error);
void        kith_profile_folder_set_has_passphrase (KithProfileFolder *self,
                                                    gboolean           has_passphrase);
void        kith_profile_folder_prepare         (KithProfileFolder *self);
void        kith_profile_folder_take_store      (KithProfileFolder *self,
                                                 KithStore         *store,
                                                 GTask             *task);

G_END_DECLS
