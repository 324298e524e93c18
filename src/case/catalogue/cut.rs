//! What a filter leaves.

use super::places::Places;

/// No place.
pub(super) const NONE: u32 = u32::MAX;

pub(super) struct Cut {
    /// Places that pass, in their order.
    pub places: Vec<u32>,
    /// Of each document the place that a list shows it by, which is the main one of those that
    /// pass; [`NONE`] where none does.
    pub main: Vec<u32>,
}

impl Cut {
    /// Of the places in whose paths `wanted` stands, both in the normal form, those that pass.
    pub fn new(
        places: &Places,
        documents: usize,
        wanted: &str,
        passes: impl Fn(u32) -> bool,
    ) -> Cut {
        let mut left = Vec::new();
        let mut main = vec![NONE; documents];
        let mut take = |place: u32| {
            if passes(place) {
                left.push(place);
                let known = &mut main[places.documents[place as usize] as usize];
                if *known == NONE || places.standing(place) < places.standing(*known) {
                    *known = place;
                }
            }
        };
        match wanted {
            "" => (0..places.len()).for_each(take),
            wanted => places.each_called(wanted, &mut take),
        }
        Cut { places: left, main }
    }

    pub fn has(&self, place: u32) -> bool {
        self.places.binary_search(&place).is_ok()
    }
}
