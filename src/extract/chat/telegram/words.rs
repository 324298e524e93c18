//! Names that Telegram's export uses.

use crate::model::ConversationKind;

pub(super) const CHAT_TYPES: &[(&str, ConversationKind)] = &[
    ("saved_messages", ConversationKind::Pair),
    ("personal_chat", ConversationKind::Pair),
    ("bot_chat", ConversationKind::Pair),
    ("replies", ConversationKind::Pair),
    ("verify_codes", ConversationKind::Pair),
    ("private_group", ConversationKind::Group),
    ("private_supergroup", ConversationKind::Group),
    ("public_supergroup", ConversationKind::Group),
    ("private_channel", ConversationKind::Channel),
    ("public_channel", ConversationKind::Channel),
];

/// Ids are unique among users, basic groups and channels, not over all of them.
pub(super) fn peer(chat_type: &str) -> &'static str {
    match chat_type {
        "saved_messages" | "personal_chat" | "bot_chat" | "replies" | "verify_codes" => "user",
        "private_group" => "chat",
        "private_supergroup" | "public_supergroup" | "private_channel" | "public_channel" => {
            "channel"
        }
        _ => "peer",
    }
}

/// Keys that every message may have; the others of a service message say what happened.
pub(super) const COMMON: &[&str] = &[
    "id",
    "type",
    "date",
    "date_unixtime",
    "edited",
    "edited_unixtime",
    "from",
    "from_id",
    "actor",
    "actor_id",
    "action",
    "text",
    "text_entities",
    "reply_to_message_id",
    "reply_to_peer_id",
    "reactions",
];

/// Keys of a message that are read into its fields, or are figures of a file that say nothing in
/// words (lengths, pictures of previews, spoilers).
#[rustfmt::skip]
pub(super) const TOLD: &[&str] = &[
    "forwarded_from", "forwarded_from_id", "saved_from", "saved_from_id", "photo", "file", "file_name",
    "file_size", "photo_file_size", "media_type", "mime_type", "sticker_emoji", "contact_information",
    "location_information", "place_name", "address", "poll", "game_title", "invoice_information",
    "todo_list", "paid_media", "inline_bot_buttons", "thumbnail", "thumbnail_file_size", "width",
    "height", "duration_seconds", "media_spoiler", "self_destruct_period_seconds",
];

/// `media_type` in our words.
pub(super) fn media_kind(media_type: &str) -> &str {
    match media_type {
        "voice_message" => "voice",
        "video_message" | "video_file" => "video",
        "audio_file" => "audio",
        "" => "file",
        other => other,
    }
}
