/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_PASSPHRASE_FIELDS (kith_passphrase_fields_get_type ())
G_DECLARE_FINAL_TYPE (KithPassphraseFields, kith_passphrase_fields, KITH, PASSPHRASE_FIELDS, AdwBin)

/* A new passphrase, entered twice, in memory that is wiped.
 *
 * Signals: "changed" (), "activate" (): Enter, while both are good. */

gboolean    kith_passphrase_fields_is_good (KithPassphraseFields *self);
const char *kith_passphrase_fields_get     (KithPassphraseFields *self);
void        kith_passphrase_fields_clear   (KithPassphraseFields *self);
void        kith_passphrase_fields_focus   (KithPassphraseFields *self);
void        kith_passphrase_fields_set_editable (KithPassphraseFields *self,
                                                 gboolean              editable);

G_END_DECLS
