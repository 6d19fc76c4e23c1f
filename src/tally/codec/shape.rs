//! The shape of an output: where its bins lie.

use super::{Malformed, Reader, Writer};
use crate::tally::{Resolution, Scale, Shape};

impl Shape {
    /// Centre, spread, the split of the bins, anchor and scale below and above it, then the atoms and the class edges,
    /// each led by its number.
    pub fn write(&self, to: &mut Writer) {
        to.float(self.centre);
        to.float(self.spread);
        to.float(self.resolution.split);
        for Scale { anchor, scale } in [self.resolution.low, self.resolution.high] {
            to.float(anchor);
            to.float(scale);
        }
        for values in [&self.atoms, &self.class_edges] {
            to.count(values.len() as u64);
            values.iter().for_each(|&value| to.float(value));
        }
    }

    /// # Errors
    /// When the bytes are no shape.
    pub fn read(from: &mut Reader<'_>) -> Result<Shape, Malformed> {
        let (centre, spread, split) = (from.float()?, from.float()?, from.float()?);
        let mut side = || Ok(Scale { anchor: from.float()?, scale: from.float()? });
        let (low, high) = (side()?, side()?);
        let mut values = || (0..from.length()?).map(|_| from.float()).collect::<Result<Vec<f64>, _>>();
        let (atoms, class_edges) = (values()?, values()?);
        let sound = [spread, low.scale, high.scale].iter().all(|scale| *scale > 0.0 && scale.is_finite());
        let rising = |values: &[f64]| values.windows(2).all(|pair| pair[0] < pair[1]);
        if !(sound && rising(&atoms) && rising(&class_edges)) {
            return Err(from.malformed());
        }
        let resolution = Resolution { split, low, high };
        Ok(Shape { centre, spread, resolution, atoms, class_edges })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_comes_back() {
        let mut values: Vec<f64> = (0..5000).map(|k| libm::exp(libm::sin(f64::from(k)) * 3.0)).collect();
        values.extend([0.0; 100]);
        let shape = Shape::from_pilot(&mut values);
        let mut writer = Writer::default();
        shape.write(&mut writer);
        let mut reader = Reader::new(&writer.bytes);
        assert_eq!(Shape::read(&mut reader), Ok(shape));
        assert_eq!(reader.end(), Ok(()));
        // A spread of 0.
        writer.bytes[8..16].fill(0);
        assert!(Shape::read(&mut Reader::new(&writer.bytes)).is_err());
    }
}
