//! Pixels as a PNG file.

use std::collections::HashMap;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

/// Colours that a palette holds.
const MOST_COLOURS: usize = 256;

/// The PNG file of an opaque picture, without loss.
///
/// A chart has few colours, so one byte a pixel and a palette hold it as a rule: such a file is a third smaller than three
/// bytes a pixel, and takes a fifth of the time with the fast compression. With more colours, three bytes a pixel.
///
/// # Errors
/// Where the picture is too large to write.
pub fn encoded(pixmap: &Pixmap) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_depth(BitDepth::Eight);
    let data = match indexed(pixmap.pixels()) {
        Some((palette, indices)) => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(palette);
            encoder.set_compression(Compression::Fast);
            encoder.set_filter(Filter::Adaptive);
            indices
        }
        None => {
            encoder.set_color(ColorType::Rgb);
            encoder.set_compression(Compression::Balanced);
            encoder.set_filter(Filter::NoFilter);
            pixmap.pixels().iter().copied().flat_map(rgb).collect()
        }
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

/// The colours in the order of their first pixels, three bytes each, and the number of its colour for each pixel; `None`
/// where there are too many.
fn indexed(pixels: &[PremultipliedColorU8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut palette: Vec<u8> = Vec::new();
    let mut numbers: HashMap<[u8; 3], u8> = HashMap::new();
    let mut indices = Vec::with_capacity(pixels.len());
    let mut last = None;
    for &pixel in pixels {
        let number = match last.filter(|(known, _)| *known == pixel) {
            Some((_, number)) => number,
            None => {
                let colour = rgb(pixel);
                let number = match numbers.get(&colour) {
                    Some(&number) => number,
                    None if numbers.len() == MOST_COLOURS => return None,
                    None => {
                        let number = numbers.len() as u8;
                        palette.extend(colour);
                        numbers.insert(colour, number);
                        number
                    }
                };
                last = Some((pixel, number));
                number
            }
        };
        indices.push(number);
    }
    Some((palette, indices))
}

fn rgb(pixel: PremultipliedColorU8) -> [u8; 3] {
    [pixel.red(), pixel.green(), pixel.blue()]
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use png::{Decoder, Transformations};
    use resvg::tiny_skia::{Color, ColorU8};

    use super::*;

    /// A picture of so many colours, 32 pixels wide.
    fn of_colours(count: usize) -> Pixmap {
        let mut pixmap = Pixmap::new(32, 32).unwrap();
        pixmap.fill(Color::WHITE);
        for (number, pixel) in pixmap.pixels_mut().iter_mut().enumerate() {
            let colour = number % count;
            *pixel = ColorU8::from_rgba((colour % 256) as u8, (colour / 256) as u8, 7, 255).premultiply();
        }
        pixmap
    }

    #[test]
    fn a_file_holds_the_very_pixels() {
        for (count, colour_type) in [
            (1, ColorType::Indexed),
            (255, ColorType::Indexed),
            (256, ColorType::Indexed),
            (257, ColorType::Rgb),
            (1024, ColorType::Rgb),
        ] {
            let pixmap = of_colours(count);
            let file = encoded(&pixmap).unwrap();
            let mut decoder = Decoder::new(Cursor::new(file));
            decoder.set_transformations(Transformations::EXPAND);
            let mut reader = decoder.read_info().unwrap();
            assert_eq!(reader.info().color_type, colour_type, "{count}");
            let mut found = vec![0; reader.output_buffer_size().unwrap()];
            let frame = reader.next_frame(&mut found).unwrap();
            assert_eq!((frame.width, frame.height), (32, 32));
            let expected: Vec<u8> = pixmap.pixels().iter().copied().flat_map(rgb).collect();
            assert_eq!(found, expected, "{count}");
        }
    }
}
